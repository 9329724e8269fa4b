// MNIST, Fashion-MNIST and data sets in the same layout ("IDX", http://yann.lecun.com/exdb/mnist), with or without .gz.
//
//   train-images-idx3-ubyte, train-labels-idx1-ubyte    the training images       t10k-…   the test images
//   images   magic 0x00000803, count, height, width (4 bytes each, the highest first), then count * height * width bytes
//   labels   magic 0x00000801, count, then count bytes
#pragma once

#include "cairn/data/dataset.h"

#include <filesystem>

namespace cairn::data {

// Whether the folder, or a folder inside it as torchvision makes them (MNIST/raw, FashionMNIST/raw, raw), has one of the files.
bool is_idx(const std::filesystem::path& folder);

// Loads it: grey images (height, width, 1), records in canonical order. It is "mnist" or "fashion-mnist", with its class names,
// if it has 60,000 and 10,000 images and its training labels begin as those of that data set; else it is called as its folder,
// with the classes "0" … the largest label. Throws Error that names the file, what was expected and the remedy: a file that is
// missing, truncated or damaged, has another magic number, a size beyond all reason, or not as many labels as images.
Split load_idx(const std::filesystem::path& folder);

}  // namespace cairn::data
