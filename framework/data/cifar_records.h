// The records of CIFAR-10's and CIFAR-100's binary files: one or two labels, a byte each, then a 32 x 32 picture as a red, a green
// and a blue plane of 1024 bytes, row by row.
#pragma once

#include "cairn/data/dataset.h"

#include <filesystem>

namespace cairn::data {

inline constexpr std::int64_t cifar_side = 32;

struct RecordLayout {
    std::int64_t label_bytes = 1;
    std::int64_t label_at = 0;  // which of them is the label
    int classes = 10;

    constexpr std::int64_t bytes() const { return label_bytes + 3 * cifar_side * cifar_side; }
};

// Appends the records of one file, pictures as (32, 32, 3); returns how many there were. Throws Error that names the file, the
// place and the remedy: it is missing, empty, truncated, or has a label that is none.
std::int64_t append_records(Dataset& dataset, const std::filesystem::path& path, const RecordLayout& layout,
                            const std::string& remedy);

// The lines of a file of class names, without empty ones; none if there is no such file. Throws Error unless there are `classes`.
std::vector<std::string> read_class_names(const std::filesystem::path& path, int classes);

// "0", "1", …: the names of classes that nobody named.
std::vector<std::string> numbered_classes(std::int64_t classes);

}  // namespace cairn::data
