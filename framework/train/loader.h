// From batches of bytes on the host to tensors on the device.
#pragma once

#include "cairn/data/augment.h"
#include "cairn/data/batches.h"
#include "cairn/nn/model.h"

#include <vector>

namespace cairn::train {

struct Batch {
    Tensor images;     // (B, H, W, C), the model's dtype, [0, 1]
    Tensor labels;     // (B) int32
    Tensor weights{};  // (B), the model's dtype: how much each sample's loss counts; undefined: all count 1
};

// Loads the batches of one pass over a data set for a model. Throws Error if the images do not fit the model's input or
// a label its output.
class Loader {
public:
    // weights: how much the loss of each image of the data set counts; none: all count 1.
    Loader(const nn::Model& model, const data::Dataset& dataset, std::vector<double> weights = {});

    // For a step of training, the images are changed at random: alike for the same seed and step of the call.
    Batch load(const data::Batches& batches, std::int64_t index, const data::Augmentation& how = {},
               const nn::Call& call = {});

private:
    Device device_;
    DType dtype_;
    Shape image_shape_;
    std::vector<std::uint8_t> bytes_;  // the host's side of a batch, reused
    std::vector<std::int32_t> labels_;
    std::vector<double> weights_;
};

// How much the loss of each image counts: class_weight has a number for every class, sample_weight one for every image; the
// two are multiplied. Empty where both are. Throws Error for other numbers of them, and for negative or infinite ones.
std::vector<double> image_weights(const data::Dataset& dataset, std::int64_t classes,
                                  const std::vector<double>& class_weight, const std::vector<double>& sample_weight);

}  // namespace cairn::train
