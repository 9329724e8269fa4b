// The layers, with Keras's names, arguments and defaults. One .cpp each.
//
//   nn::Conv2D(32, {3, 3}, {.activation = nn::relu, .padding = nn::same})
//
// Sizes of inputs are inferred when the model is put together.
#pragma once

#include "backend/backend.h"
#include "nn/layer.h"
#include "ops/ops.h"

#include <array>

namespace cairn::nn {

inline constexpr cairn::Activation relu = cairn::Activation::relu;
inline constexpr cairn::Activation linear = cairn::Activation::none;
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
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call&) const override { return x; }
    const Shape& shape() const { return shape_; }

private:
    Shape shape_;
};

struct Conv2DOptions {
    cairn::Activation activation = linear;
    Size2d strides{1, 1};
    ops::Padding padding = valid;
    bool use_bias = true;
    Regularizer kernel_regularizer{};
};

// activation(x * kernel + bias): (H, W, C) -> (OH, OW, filters). Parameters: kernel (kh, kw, C, filters), bias
// (filters).
class Conv2D final : public Layer {
public:
    Conv2D(std::int64_t filters, Size2d kernel_size, const Conv2DOptions& options = {});
    std::string type() const override { return "Conv2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    // The output of `pooling` behind this layer, as one op that keeps nothing between the two.
    Tensor forward_pooled(const Tensor& x, const class MaxPooling2D& pooling) const;
    // In training, the output of `normalization` behind this layer, as one op.
    Tensor forward_normalized(const Tensor& x, const class BatchNormalization& normalization) const;
    Tensor penalty() const override;
    std::int64_t flops() const override { return flops_; }

private:
    ops::Conv2dOptions op_options() const {
        return {.strides = options_.strides, .padding = options_.padding, .activation = options_.activation};
    }

    std::int64_t filters_;
    Size2d kernel_size_;
    Conv2DOptions options_;
    std::int64_t flops_ = 0;
};

struct MaxPooling2DOptions {
    Size2d strides{0, 0};  // 0: the pool size
    ops::Padding padding = valid;
};

// The maximum of every window: (H, W, C) -> (OH, OW, C).
class MaxPooling2D final : public Layer {
public:
    explicit MaxPooling2D(Size2d pool_size = {2, 2}, const MaxPooling2DOptions& options = {});
    std::string type() const override { return "MaxPooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    const ops::MaxPool2dOptions& options() const { return options_; }

private:
    ops::MaxPool2dOptions options_;
};

// (H, W, C) -> (H * W * C,), without a copy.
class Flatten final : public Layer {
public:
    std::string type() const override { return "Flatten"; }
    Shape build(const Shape& input) override { return {input.size()}; }
    Tensor forward(const Tensor& x, const Call&) const override { return ops::flatten(x); }
};

struct DenseOptions {
    cairn::Activation activation = linear;
    bool use_bias = true;
    Regularizer kernel_regularizer{};
};

// activation(x kernel + bias): (I,) -> (units,). Parameters: kernel (I, units), bias (units).
class Dense final : public Layer {
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
    std::int64_t flops_ = 0;
};

// max(x, 0), where it cannot be the `activation` of the layer before (after a batch normalization).
class Activation final : public Layer {
public:
    explicit Activation(cairn::Activation activation) : activation_(activation) {}
    std::string type() const override { return "Activation"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call& call) const override;

private:
    cairn::Activation activation_;
};

// Zeroes a share of the inputs in training, and does nothing in inference. Srivastava et al. 2014; inverted, as in
// Keras.
class Dropout final : public Layer {
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
class BatchNormalization final : public Layer {
public:
    explicit BatchNormalization(const ops::BatchNormOptions& options = {}) : options_(options) {}
    std::string type() const override { return "BatchNormalization"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    ops::BatchNorm normalization() const { return {value(0), value(1), value(2), value(3), options_}; }

private:
    ops::BatchNormOptions options_;
};

}  // namespace cairn::nn
