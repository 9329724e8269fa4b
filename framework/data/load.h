// load: a data set from a folder, whatever it is in.
//
//   dataset.safetensors                    cairn's own layout (data/bundle.h)
//   data_batch_1.bin …, test_batch.bin     CIFAR-10's (data/cifar10.h)
//   train.bin, test.bin                    CIFAR-100's (data/cifar100.h)
//   train-images-idx3-ubyte[.gz] …         MNIST's and Fashion-MNIST's (data/idx.h)
//   CLASS/*.png, *.jpg, *.jpeg             pictures by class (data/picture_folder.h)
#pragma once

#include "cairn/data/load_options.h"

#include <filesystem>

namespace cairn::data {

// The first of these that the folder holds. Records are in canonical order (data/canonical.h). Throws Error for damaged data, for
// options that this data set does not have, and for a folder that holds none of these; where it holds what people often have
// instead (Python's pickles, .npy, an archive that is not unpacked), with the way out.
Loaded load(const std::filesystem::path& folder, const LoadOptions& options = {}, const LoadProgress& progress = {});

}  // namespace cairn::data
