// Layers that bring their input to mean 0 and variance 1, and then to a mean and a deviation that are learned.
#pragma once

#include "cairn/nn/layer.h"
#include "cairn/ops/ops.h"

namespace cairn::nn {

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
