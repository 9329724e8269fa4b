// Dataset: labelled images in host memory, as bytes. Batches of it are gathered, scaled to [0, 1] and sent to a device
// by the training loop.
#pragma once

#include "core/shape.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cairn::data {

struct Dataset {
    std::string name;                  // "cifar-10" or "shapes10": goes into every result
    std::vector<std::string> classes;  // the name of each label
    Shape image_shape{32, 32, 3};      // (height, width, channels)
    std::vector<std::uint8_t> images;  // (size, height, width, channels), row by row
    std::vector<std::int32_t> labels;  // (size), 0 … classes.size() - 1

    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
    std::int64_t image_bytes() const { return image_shape.size(); }
    std::span<const std::uint8_t> image(std::int64_t i) const {
        return std::span(images).subspan(static_cast<std::size_t>(i * image_bytes()),
                                         static_cast<std::size_t>(image_bytes()));
    }

    // The first `n` images (all, if there are fewer).
    Dataset first(std::int64_t n) const;
};

// Images to learn from and images to judge by.
struct Split {
    Dataset train;
    Dataset test;
};

}  // namespace cairn::data
