// What a data set looks like in numbers, for `cairn data info`.
#pragma once

#include "cairn/data/dataset.h"

#include <array>

namespace cairn::data {

struct Statistics {
    std::int64_t images = 0;
    std::vector<std::int64_t> per_class;  // the number of images with each label
    std::array<double, 3> mean{};         // of the red, green and blue values, scaled to [0, 1]
    std::array<double, 3> deviation{};    // their standard deviation, over all pixels of all images
};

// Throws BugError unless the images have three channels.
Statistics statistics(const Dataset& dataset);

}  // namespace cairn::data
