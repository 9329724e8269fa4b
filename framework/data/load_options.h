// How a data set is to be read, and what reading it brings.
#pragma once

#include "cairn/data/dataset.h"

#include <functional>

namespace cairn::data {

struct ImageSize {
    std::int64_t height = 0, width = 0;

    bool operator==(const ImageSize&) const = default;
};

// The size that pictures get where nobody asks for another: CIFAR-10's, for which the chapters' models were made.
inline constexpr ImageSize usual_image_size{32, 32};

struct LoadOptions {
    std::string labels = "fine";              // of CIFAR-100: "fine" (100 classes) or "coarse" (20)
    ImageSize image_size{};                   // of a folder of pictures: what they are resized to; 0 x 0: usual_size
    bool crop = false;                        // first cut them, in the middle, to the proportions of that size
    bool skip_bad = false;                    // leave out pictures that cannot be read
    std::uint64_t split_seed = 0;             // which pictures are kept to test on, where the folder does not say
    ImageSize usual_size = usual_image_size;  // where nobody asks for a size

    bool operator==(const LoadOptions&) const = default;
};

// Is told how many of how many pictures have been decoded, from any thread, one call at a time. It must not throw.
using LoadProgress = std::function<void(std::int64_t done, std::int64_t all)>;

struct Loaded {
    Split split;
    std::vector<std::string> notes{};  // for a person to read: which pictures were left out, and why
};

}  // namespace cairn::data
