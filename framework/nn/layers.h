// The layers, with Keras's names, arguments and defaults. What is more than a line stands in a .cpp of the layer's name.
//
//   nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same})
//
// Sizes of inputs are inferred when the model is put together.
#pragma once

#include "cairn/nn/activation.h"
#include "cairn/nn/layer.h"

#include <array>

namespace cairn::nn {

inline constexpr ops::Padding same = ops::Padding::same;
inline constexpr ops::Padding valid = ops::Padding::valid;

using Size2d = std::array<std::int64_t, 2>;  // (height, width)

// A penalty on a layer's kernel that is added to the loss, in training and in evaluation: lambda * sum of squares.
struct Regularizer {
    double l2 = 0;
};
inline Regularizer l2(double lambda) { return {lambda}; }

// The shape of one sample, first in every model: nn::Input({32, 32, 3}).
class Input final : public Layer {
public:
    explicit Input(const Shape& shape) : shape_(shape) {}
    std::string type() const override { return "InputLayer"; }
    Shape connect(std::span<const Shape> inputs) override;
    Tensor apply(std::span<const Tensor> inputs, const Call&) const override { return inputs.front(); }

private:
    Shape shape_;
};

struct Conv2DOptions {
    ActivationFunction activation{};
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    bool use_bias = true;
    Regularizer kernel_regularizer{};
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

    const ActivationFunction& activation() const { return options_.activation; }
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

// (H, W, C) -> (H * W * C,), without a copy.
class Flatten final : public UnaryLayer {
public:
    std::string type() const override { return "Flatten"; }
    Shape build(const Shape& input) override { return {input.size()}; }
    Tensor forward(const Tensor& x, const Call&) const override { return ops::flatten(x); }
};

struct DenseOptions {
    ActivationFunction activation{};
    bool use_bias = true;
    Regularizer kernel_regularizer{};
};

// activation(x kernel + bias): (I,) -> (units,). Parameters: kernel (I, units), bias (units).
class Dense final : public UnaryLayer {
public:
    explicit Dense(std::int64_t units, const DenseOptions& options = {});
    std::string type() const override { return "Dense"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::int64_t flops() const override { return flops_; }

private:
    std::int64_t units_;
    DenseOptions options_;
    std::shared_ptr<Parameter> kernel_, bias_;
    std::int64_t flops_ = 0;
};

// An activation where it cannot be the `activation` of the layer before (after a batch normalization).
class Activation final : public UnaryLayer {
public:
    explicit Activation(ActivationFunction function) : function_(std::move(function)) {}
    std::string type() const override { return "Activation"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call&) const override { return function_(x); }

private:
    ActivationFunction function_;
};

// Zeroes a share of the inputs in training, and does nothing in inference. Srivastava et al. 2014; inverted, as in
// Keras.
class Dropout final : public UnaryLayer {
public:
    explicit Dropout(double rate);
    std::string type() const override { return "Dropout"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call& call) const override;

private:
    double rate_;
};

// Normalizes every channel (the last axis) by the batch's statistics in training and by moving averages of them in
// inference. Ioffe and Szegedy 2015. Parameters: gamma, beta; moving_mean, moving_variance (not trained). All (C).
class BatchNormalization final : public UnaryLayer {
public:
    explicit BatchNormalization(const ops::BatchNormOptions& options = {}) : options_(options) {}
    std::string type() const override { return "BatchNormalization"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    // What the op takes.
    ops::BatchNorm op_layer() const {
        return {gamma_->value, beta_->value, moving_mean_->value, moving_variance_->value, options_};
    }

private:
    ops::BatchNormOptions options_;
    std::shared_ptr<Parameter> gamma_, beta_, moving_mean_, moving_variance_;
};

}  // namespace cairn::nn
