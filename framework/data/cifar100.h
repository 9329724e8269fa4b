// CIFAR-100 and data sets in the same layout (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version").
//
//   train.bin, test.bin                             the records
//   fine_label_names.txt, coarse_label_names.txt    100 and 20 class names, a line each; may be missing
//   record (3074 bytes)                             coarse label (1), fine label (1), a picture (data/cifar_records.h)
#pragma once

#include "cairn/data/dataset.h"

#include <filesystem>

namespace cairn::data {

// The folder inside the official archive, which may be named by the folder around it.
inline constexpr const char* cifar100_folder_name = "cifar-100-binary";

// Whether the folder, or cifar-100-binary inside it, has one of the record files.
bool is_cifar100(const std::filesystem::path& folder);

// Loads it by its fine labels, 100 classes, or by its coarse ones, 20. Records in canonical order. With CIFAR-100's 50,000 and
// 10,000 records it is called "cifar-100" or "cifar-100-coarse", else "images100" or "images20". Throws Error that names the
// file, the place, what was expected and the remedy.
Split load_cifar100(const std::filesystem::path& folder, bool coarse);

}  // namespace cairn::data
