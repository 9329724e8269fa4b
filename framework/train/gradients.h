// The loss of a batch and its gradients: what every step of training computes.
#pragma once

#include "cairn/nn/losses.h"
#include "cairn/train/loader.h"

namespace cairn::train {

// The loss that training minimizes, for one batch: its mean, weighted where the batch has weights, plus the model's penalty
// (a scalar), and the logits (B, classes).
struct BatchLoss {
    Tensor loss, logits;
};
BatchLoss batch_loss(const nn::Model& model, const Batch& batch, const nn::Call& call, const nn::Loss& loss = {});

// The same loss, layer by layer: where added[i] is defined, it is added to the output of layer i, and `outputs`, if given, gets what
// all layers computed (nn/by_layer.h).
BatchLoss batch_loss_by_layer(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensors& added,
                              Tensors* outputs = nullptr);

// The loss, and its gradients with respect to all parameters, which model.gradients() then holds. A loop may keep `one`,
// the loss's gradient with respect to itself (a scalar 1), instead of having it made anew.
BatchLoss gradients(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensor& one = {},
                    const nn::Loss& loss = {});

}  // namespace cairn::train
