// Layers that move numbers and do not change them.
#pragma once

#include "cairn/nn/layer.h"
#include "cairn/ops/ops.h"

namespace cairn::nn {

// (H, W, C) -> (H * W * C,), without a copy.
class Flatten final : public UnaryLayer {
public:
    std::string type() const override { return "Flatten"; }
    Shape build(const Shape& input) override { return {input.size()}; }
    Tensor forward(const Tensor& x, const Call&) const override { return ops::flatten(x); }
};

}  // namespace cairn::nn
