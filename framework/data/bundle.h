// cairn's own layout of a data set, one file (io/safetensors.h), for what fits no other: images of any size, any number of classes.
//
//   dataset.safetensors
//     train_images, test_images   (N, height, width, 1 or 3)   uint8
//     train_labels, test_labels   (N)                          int32
//     train_index, test_index     (N)                          int32, may be missing: where each stood in the files it came from
//     metadata                    "name", "classes" (separated by commas); more is ignored
//
// Python reads and writes it: safetensors.numpy.save_file.
#pragma once

#include "cairn/data/dataset.h"

#include <filesystem>
#include <map>

namespace cairn::data {

inline constexpr const char* bundle_name = "dataset.safetensors";

using Metadata = std::map<std::string, std::string>;

// Writes the file, with `more` in its metadata; it appears complete or not at all. Throws Error.
void write_bundle(const Split& split, const std::filesystem::path& file, const Metadata& more = {});

// Reads it; records in canonical order. `metadata` (if any) is set to the file's. Throws Error that names the file and what is
// wrong with it: damaged, a tensor that is missing or has another type or shape, a label that is no class's.
Split read_bundle(const std::filesystem::path& file, Metadata* metadata = nullptr);

}  // namespace cairn::data
