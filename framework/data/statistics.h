// What a data set looks like in numbers, for `cairn data info`.
#pragma once

#include "cairn/data/dataset.h"

namespace cairn::data {

struct Statistics {
    std::int64_t images = 0;
    std::vector<std::int64_t> per_class;  // the number of images with each label
    // An element per channel: of its values, scaled to [0, 1], over all pixels of all images; 0 where there are none.
    std::vector<double> mean, deviation;
};

Statistics statistics(const Dataset& dataset);

}  // namespace cairn::data
