// CIFAR-10 and data sets in the same layout (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version").
//
//   data_batch_1.bin …   training records        test_batch.bin   test records
//   batches.meta.txt     the ten class names, a line each
//   record (3073 bytes)  label (1), red plane (1024), green plane (1024), blue plane (1024); planes 32x32, row by row
#pragma once

#include "cairn/data/dataset.h"

#include <filesystem>

namespace cairn::data {

// The folder inside the official archive, and where cairn looks for CIFAR-10 in a folder that it is given.
inline constexpr const char* cifar10_folder_name = "cifar-10-batches-bin";

// Loads the data set in `folder`, or in the folder cifar-10-batches-bin inside it; images as (32, 32, 3), records in
// canonical order (data/canonical.h), with where they stand in the files.
//
// The class names say what it is: CIFAR-10's are "cifar-10", shapes10's "shapes10", others "images10". Without
// batches.meta.txt it is CIFAR-10 if the test batch has CIFAR-10's 10,000 records, else "images10" with the classes "0"
// … "9". CIFAR-10 must be complete: five training batches of 10,000 records. Others may have batches of any size and
// fewer than five of them, but none is left out in between.
//
// Throws Error that names the file, the position, what was expected and the remedy: a folder that is missing, empty or
// without a batch, a file that is truncated or not complete, a label above 9, a class list without ten names.
Split load_cifar10(const std::filesystem::path& folder);

// Writes a data set of 32x32 colour images and ten classes: the training records in five batches of equal size (±1),
// the test batch and the class names. The folder is created. Throws Error for another shape or fewer than five training
// images.
void write_cifar10_layout(const Split& split, const std::filesystem::path& folder);

}  // namespace cairn::data
