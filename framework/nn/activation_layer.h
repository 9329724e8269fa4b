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

private:
    ActivationFunction function_;
};

}  // namespace cairn::nn
