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
// Shapes10's class names say that it is "shapes10". CIFAR-10's, or a test batch of 10,000 records without batches.meta.txt, mean
// CIFAR-10, which must be complete: five training batches of 10,000 records; but it is called "cifar-10" only if its images and
// labels are those that were published. All else is "images10", without batches.meta.txt with the classes "0" … "9". It may have
// batches of any size and fewer than five of them, but none is left out in between.
//
// Throws Error that names the file, the position, what was expected and the remedy: a folder that is missing, empty or
// without a batch, a file that is truncated or not complete, a label above 9, a class list without ten names.
Split load_cifar10(const std::filesystem::path& folder);

// Whether these are CIFAR-10's images and labels as they were published, in canonical order.
bool is_published_cifar10(const Split& split);

// Writes a data set of 32x32 colour images and ten classes: the training records in five batches of equal size (±1),
// the test batch and the class names. The folder is created. Throws Error for another shape or fewer than five training
// images.
void write_cifar10_layout(const Split& split, const std::filesystem::path& folder);

}  // namespace cairn::data
