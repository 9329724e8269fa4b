// gradcheck of a whole model: the loss of one batch as a function of every parameter.
#pragma once

#include "cairn/autograd/gradcheck.h"
#include "cairn/nn/model.h"

namespace cairn::train {

struct ModelGradcheck : autograd::GradcheckReport {
    // Where to look, if a gradient is wrong: "all is right behind batch_normalization_4 (BatchNormalization): look there, at the
    // gradient of its input". Nothing if none is.
    std::string advice;
};

// Initializes the model in float64 on `device` and compares its gradients, on `batch` random images with random labels
// and a fixed dropout mask, with central differences: along 4 random directions and in 16 coordinates of every
// parameter tensor. If one is wrong, the gradients of the layers' outputs are checked as well, to find the layer that
// makes it so.
ModelGradcheck gradcheck_model(nn::Model& model, const Device& device, std::uint64_t seed, double tolerance = 1e-5,
                               std::int64_t batch = 8);

}  // namespace cairn::train
