// From batches of bytes on the host to tensors on the device.
#pragma once

#include "cairn/data/augment.h"
#include "cairn/data/batches.h"
#include "cairn/nn/model.h"

#include <vector>

namespace cairn::train {

struct Batch {
    Tensor images;  // (B, H, W, C), the model's dtype, [0, 1]
    Tensor labels;  // (B) int32
};

// Loads the batches of one pass over a data set for a model. Throws Error if the images do not fit the model's input or
// a label its output.
class Loader {
public:
    Loader(const nn::Model& model, const data::Dataset& dataset);

    // For a step of training, the images are changed at random: alike for the same seed and step of the call.
    Batch load(const data::Batches& batches, std::int64_t index, const data::Augmentation& how = {},
               const nn::Call& call = {});

private:
    Device device_;
    DType dtype_;
    Shape image_shape_;
    std::vector<std::uint8_t> bytes_;  // the host's side of a batch, reused
    std::vector<std::int32_t> labels_;
};

}  // namespace cairn::train
