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
    Size2d dilation_rate{1, 1};
    std::int64_t groups = 1;
    bool use_bias = true;
    Initializer kernel_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer kernel_regularizer{}, bias_regularizer{};
    Regularizer activity_regularizer{};  // of the layer's output
};

// activation(x * kernel + bias): (H, W, C) -> (OH, OW, filters). Parameters: kernel (kh, kw, C / groups, filters), bias
// (filters).
class Conv2D final : public UnaryLayer {
public:
    Conv2D(std::int64_t filters, Size2d kernel_size, const Conv2DOptions& options = {});
    std::string type() const override { return "Conv2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::vector<Regularizer*> kernel_regularizers() override { return {&options_.kernel_regularizer}; }
    Settings settings() const override;
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

struct DepthwiseConv2DOptions {
    ActivationFunction activation{};
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    std::int64_t depth_multiplier = 1;
    Size2d dilation_rate{1, 1};
    bool use_bias = true;
    Initializer depthwise_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer depthwise_regularizer{}, bias_regularizer{}, activity_regularizer{};
};

// A convolution of every channel by itself: (H, W, C) -> (OH, OW, C M), M the depth multiplier. Parameters: kernel
// (kh, kw, C, M), bias (C M).
class DepthwiseConv2D final : public UnaryLayer {
public:
    explicit DepthwiseConv2D(Size2d kernel_size, const DepthwiseConv2DOptions& options = {});
    std::string type() const override { return "DepthwiseConv2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::vector<Regularizer*> kernel_regularizers() override { return {&options_.depthwise_regularizer}; }
    Settings settings() const override;
    std::int64_t flops() const override { return flops_; }

private:
    Size2d kernel_size_;
    DepthwiseConv2DOptions options_;
    std::shared_ptr<Parameter> kernel_, bias_;
    std::int64_t flops_ = 0;
};

struct SeparableConv2DOptions {
    ActivationFunction activation{};
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    Size2d dilation_rate{1, 1};
    std::int64_t depth_multiplier = 1;
    bool use_bias = true;
    Initializer depthwise_initializer = glorot_uniform(), pointwise_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer depthwise_regularizer{}, pointwise_regularizer{}, bias_regularizer{}, activity_regularizer{};
};

// A convolution of every channel by itself, and then one of 1 x 1 windows that mixes the channels (Chollet 2017):
// (H, W, C) -> (OH, OW, filters). Parameters: depthwise_kernel (kh, kw, C, M), pointwise_kernel (1, 1, C M, filters), bias
// (filters).
class SeparableConv2D final : public UnaryLayer {
public:
    SeparableConv2D(std::int64_t filters, Size2d kernel_size, const SeparableConv2DOptions& options = {});
    std::string type() const override { return "SeparableConv2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::vector<Regularizer*> kernel_regularizers() override {
        return {&options_.depthwise_regularizer, &options_.pointwise_regularizer};
    }
    Settings settings() const override;
    std::int64_t flops() const override { return flops_; }

private:
    std::int64_t filters_;
    Size2d kernel_size_;
    SeparableConv2DOptions options_;
    std::shared_ptr<Parameter> depthwise_kernel_, pointwise_kernel_, bias_;
    std::int64_t flops_ = 0;
};

struct Conv2DTransposeOptions {
    ActivationFunction activation{};
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    Size2d output_padding{-1, -1};  // -1: Keras's None
    Size2d dilation_rate{1, 1};
    bool use_bias = true;
    Initializer kernel_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer kernel_regularizer{}, bias_regularizer{}, activity_regularizer{};
};

// What undoes a convolution's shape: every pixel spreads over a window of the output, (H, W, C) -> (OH, OW, filters). With
// padding 'same' OH = H stride. Parameters: kernel (kh, kw, filters, C), bias (filters).
class Conv2DTranspose final : public UnaryLayer {
public:
    Conv2DTranspose(std::int64_t filters, Size2d kernel_size, const Conv2DTransposeOptions& options = {});
    std::string type() const override { return "Conv2DTranspose"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::vector<Regularizer*> kernel_regularizers() override { return {&options_.kernel_regularizer}; }
    Settings settings() const override;
    std::int64_t flops() const override { return flops_; }

private:
    ops::TransposedConvolutionOptions op_options() const;

    std::int64_t filters_;
    Size2d kernel_size_;
    Conv2DTransposeOptions options_;
    std::shared_ptr<Parameter> kernel_, bias_;
    std::int64_t flops_ = 0;
};

}  // namespace cairn::nn
