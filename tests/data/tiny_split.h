// A small data set with known content, for tests that write and read files.
#pragma once

#include "cairn/data/canonical.h"

namespace cairn::data {

// `size` images whose bytes follow from `salt` and their places; labels go round 0 … 9. In canonical order.
inline Dataset tiny_dataset(std::int64_t size, std::uint32_t salt) {
    Dataset dataset{.name = "images10",
                    .classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
                    .image_shape = {32, 32, 3},
                    .images = {},
                    .labels = {}};
    for (std::int64_t i = 0; i < size * dataset.image_bytes(); ++i)
        dataset.images.push_back(static_cast<std::uint8_t>((static_cast<std::uint32_t>(i) * 2654435761u + salt) >> 24));
    for (std::int64_t i = 0; i < size; ++i) dataset.labels.push_back(static_cast<std::int32_t>(i % 10));
    sort_canonically(dataset);
    return dataset;
}

inline Split tiny_split(std::int64_t train = 23, std::int64_t test = 7) {
    return {tiny_dataset(train, 1), tiny_dataset(test, 2)};
}

}  // namespace cairn::data
