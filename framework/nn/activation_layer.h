// Activation: a function of a tensor as a layer.
#pragma once

#include "cairn/nn/activation.h"
#include "cairn/nn/layer.h"

namespace cairn::nn {

// An activation where it cannot be the `activation` of the layer before (after a batch normalization).
class Activation final : public UnaryLayer {
public:
    explicit Activation(ActivationFunction function) : function_(std::move(function)) {}
    std::string type() const override { return "Activation"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call&) const override { return function_(x); }
    Settings settings() const override;

private:
    ActivationFunction function_;
};

// Keras's layer of leaky_relu, whose slope has another default than the function's.
class LeakyReLU final : public UnaryLayer {
public:
    explicit LeakyReLU(double negative_slope = 0.3);
    std::string type() const override { return "LeakyReLU"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call&) const override { return ops::leaky_relu(x, negative_slope_); }
    Settings settings() const override;

private:
    double negative_slope_;
};

}  // namespace cairn::nn
