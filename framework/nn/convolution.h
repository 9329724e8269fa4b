// Convolutions of images (height, width, channels).
#pragma once

#include "cairn/nn/activation.h"
#include "cairn/nn/layer.h"
#include "cairn/nn/regularizer.h"
#include "cairn/nn/window.h"

namespace cairn::nn {

struct Conv2DOptions {
    ActivationFunction activation{};
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    bool use_bias = true;
    Initializer kernel_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer kernel_regularizer{}, bias_regularizer{};
    Regularizer activity_regularizer{};  // of the layer's output
};

// activation(x * kernel + bias): (H, W, C) -> (OH, OW, filters). Parameters: kernel (kh, kw, C, filters), bias
// (filters).
class Conv2D final : public UnaryLayer {
public:
    Conv2D(std::int64_t filters, Size2d kernel_size, const Conv2DOptions& options = {});
    std::string type() const override { return "Conv2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::int64_t flops() const override { return flops_; }

    // Can another op take the convolution in, so that nobody sees its output? Not where that is penalized.
    bool can_be_fused() const { return options_.activation.is_fused() && options_.activity_regularizer.is_zero(); }
    // What the op takes: the kernel and the bias (undefined if there is none), and its options.
    const Tensor& kernel() const { return kernel_->value; }
    Tensor bias() const { return bias_ ? bias_->value : Tensor(); }
    ops::ConvolutionOptions op_options(const Call& call) const;

private:
    std::int64_t filters_;
    Size2d kernel_size_;
    Conv2DOptions options_;
    std::shared_ptr<Parameter> kernel_, bias_;
    std::int64_t flops_ = 0;
};

}  // namespace cairn::nn
