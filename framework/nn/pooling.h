// Pooling: one number for each window of each channel.
#pragma once

#include "cairn/nn/layer.h"
#include "cairn/nn/window.h"

namespace cairn::nn {

struct Pooling2DOptions {
    Size2d strides{0, 0};  // 0: the pool size
    ops::Padding padding = valid;
};

// The maximum of every window: (H, W, C) -> (OH, OW, C).
class MaxPooling2D final : public UnaryLayer {
public:
    explicit MaxPooling2D(Size2d pool_size = {2, 2}, const Pooling2DOptions& options = {});
    std::string type() const override { return "MaxPooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;
    const ops::PoolingOptions& options() const { return options_; }

private:
    ops::PoolingOptions options_;
};

// The mean of every window: (H, W, C) -> (OH, OW, C). Pixels that 'same' pads are no part of it.
class AveragePooling2D final : public UnaryLayer {
public:
    explicit AveragePooling2D(Size2d pool_size, const Pooling2DOptions& options = {});
    std::string type() const override { return "AveragePooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    ops::PoolingOptions options_;
};

struct GlobalPooling2DOptions {
    bool keepdims = false;  // (1, 1, C) instead of (C,)
};

// The mean of every channel: (H, W, C) -> (C,).
class GlobalAveragePooling2D final : public UnaryLayer {
public:
    explicit GlobalAveragePooling2D(const GlobalPooling2DOptions& options = {}) : options_(options) {}
    std::string type() const override { return "GlobalAveragePooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    GlobalPooling2DOptions options_;
};

// The maximum of every channel: (H, W, C) -> (C,). The first of equal ones gets the gradient.
class GlobalMaxPooling2D final : public UnaryLayer {
public:
    explicit GlobalMaxPooling2D(const GlobalPooling2DOptions& options = {}) : options_(options) {}
    std::string type() const override { return "GlobalMaxPooling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    GlobalPooling2DOptions options_;
};

}  // namespace cairn::nn
