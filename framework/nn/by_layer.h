// A model's forward pass with the output of every layer in view, for those who look inside.
#pragma once

#include "cairn/nn/model.h"

namespace cairn::nn {

// The outputs of all layers for a batch x (B, …), the last of which are the logits; nothing is fused. Where added[i] is defined, it
// is added to the output of layer i before other layers take it: the gradient of a variable of zeros there is the gradient of
// the layer's output.
Tensors outputs_by_layer(const Model& model, const Tensor& x, const Call& call, const Tensors& added = {});

}  // namespace cairn::nn
