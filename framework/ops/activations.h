// The activations, with Keras's names, defaults and formulas; relu and softmax stand in ops.h.            activations.cpp
#pragma once

#include "cairn/core/tensor.h"

namespace cairn::ops {

Tensor sigmoid(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor silu(const Tensor& x);
Tensor softplus(const Tensor& x);
// approximate: by tanh, as its authors did for speed; otherwise by the exact share of a normal distribution.
Tensor gelu(const Tensor& x, bool approximate = false);
Tensor elu(const Tensor& x, double alpha = 1);
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.2);

}  // namespace cairn::ops
