// Pooling: one number for each window of each channel.
#pragma once

#include "cairn/nn/layer.h"
#include "cairn/nn/window.h"

namespace cairn::nn {

struct MaxPooling2DOptions {
    Size2d strides{0, 0};  // 0: the pool size
    ops::Padding padding = valid;
};

// The maximum of every window: (H, W, C) -> (OH, OW, C).
class MaxPooling2D final : public UnaryLayer {
public:
    explicit MaxPooling2D(Size2d pool_size = {2, 2}, const MaxPooling2DOptions& options = {});
    std::string type() const override { return "MaxPooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    const ops::PoolingOptions& options() const { return options_; }

private:
    ops::PoolingOptions options_;
};

}  // namespace cairn::nn
