#include "cairn/nn/preprocessing.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

Tensor Rescaling::forward(const Tensor& x, const Call&) const { return ops::affine(x, scale_, offset_); }

}  // namespace cairn::nn
