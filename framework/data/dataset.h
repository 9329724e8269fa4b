// Dataset: labelled images in host memory, as bytes. Batches of it are gathered, scaled to [0, 1] and sent to a device
// by the training loop.
#pragma once

#include "cairn/data/description.h"
#include "cairn/io/image.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cairn::data {

struct Dataset {
    std::string name;                   // "cifar-10" or "shapes10": goes into every result
    std::vector<std::string> classes;   // the name of each label
    Shape image_shape{32, 32, 3};       // (height, width, channels)
    std::vector<std::uint8_t> images;   // (size, height, width, channels), row by row
    std::vector<std::int32_t> labels;   // (size), 0 … classes.size() - 1
    std::vector<std::int32_t> index{};  // (size), where each stands in the files that it was read from; empty: as here

    Description description() const { return {name, image_shape, classes}; }
    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
    std::int64_t image_bytes() const { return image_shape.size(); }
    std::span<const std::uint8_t> image(std::int64_t i) const {
        return std::span(images).subspan(static_cast<std::size_t>(i * image_bytes()),
                                         static_cast<std::size_t>(image_bytes()));
    }

    // Image i to look at: a grey one has three equal channels.
    io::Image picture(std::int64_t i) const;

    // Where image i stands in its files: data_batch_1.bin and those that follow, or test_batch.bin, read on end.
    std::int32_t index_in_files(std::int64_t i) const {
        return index.empty() ? static_cast<std::int32_t>(i) : index[static_cast<std::size_t>(i)];
    }

    // The first `n` images (all, if there are fewer).
    Dataset first(std::int64_t n) const;
};

// Appends the pixels of a picture of the images' height and width. One with a single channel takes the brightness,
// 0.299 red + 0.587 green + 0.114 blue, as JPEG does.
void append_picture(Dataset& dataset, const io::Image& picture);

// Images to learn from and images to judge by.
struct Split {
    Dataset train;
    Dataset test;
};

}  // namespace cairn::data
