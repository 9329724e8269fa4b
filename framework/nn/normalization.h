// Layers that bring their input to mean 0 and variance 1, and then to a mean and a deviation that are learned.
#pragma once

#include "cairn/nn/regularizer.h"
#include "cairn/ops/ops.h"

namespace cairn::nn {

struct BatchNormalizationOptions {
    double epsilon = 1e-3;
    double momentum = 0.99;
    Initializer beta_initializer = zeros(), gamma_initializer = ones();
    Initializer moving_mean_initializer = zeros(), moving_variance_initializer = ones();
    Regularizer beta_regularizer{}, gamma_regularizer{};
};

// Normalizes every channel (the last axis) by the batch's statistics in training and by moving averages of them in
// inference. Ioffe and Szegedy 2015. Parameters: gamma, beta; moving_mean, moving_variance (not trained). All (C).
class BatchNormalization final : public UnaryLayer {
public:
    explicit BatchNormalization(const BatchNormalizationOptions& options = {}) : options_(options) {}
    std::string type() const override { return "BatchNormalization"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    Settings settings() const override;
    // Whether it uses and keeps its moving statistics in training too; see Model::freeze.
    bool is_frozen() const { return moving_mean_->frozen; }
    // What the op takes.
    ops::BatchNorm op_layer() const {
        return {gamma_->value,
                beta_->value,
                moving_mean_->value,
                moving_variance_->value,
                {.epsilon = options_.epsilon, .momentum = options_.momentum}};
    }

private:
    BatchNormalizationOptions options_;
    std::shared_ptr<Parameter> gamma_, beta_, moving_mean_, moving_variance_;
};

struct LayerNormalizationOptions {
    std::vector<int> axis{-1};
    double epsilon = 1e-3;
    bool center = true;  // add beta
    bool scale = true;   // multiply by gamma
    Initializer beta_initializer = zeros(), gamma_initializer = ones();
    Regularizer beta_regularizer{}, gamma_regularizer{};
};

// Normalizes each sample's numbers along the axes, in training and in inference alike. Ba, Kiros, Hinton 2016. The axes are
// counted as Keras counts them, with the batch: -1 is the last, 1 the first of a sample. Parameters: gamma, beta, with a number for
// each element along the axes.
class LayerNormalization final : public UnaryLayer {
public:
    explicit LayerNormalization(const LayerNormalizationOptions& options = {}) : options_(options) {}
    std::string type() const override { return "LayerNormalization"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    Settings settings() const override;

private:
    LayerNormalizationOptions options_;
    std::vector<int> axes_last_;  // of a batch: those that are not normalized, then those that are
    std::shared_ptr<Parameter> gamma_, beta_;
};

struct GroupNormalizationOptions {
    double epsilon = 1e-3;
    bool center = true;  // add beta
    bool scale = true;   // multiply by gamma
    Initializer beta_initializer = zeros(), gamma_initializer = ones();
    Regularizer beta_regularizer{}, gamma_regularizer{};
};

// Normalizes each sample's channels (the last axis) in groups: groups = 1 takes a whole sample, -1 each channel by itself
// (instance normalization). Wu and He 2018. Parameters: gamma, beta (C).
class GroupNormalization final : public UnaryLayer {
public:
    explicit GroupNormalization(std::int64_t groups = 32, const GroupNormalizationOptions& options = {});
    std::string type() const override { return "GroupNormalization"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    Settings settings() const override;

private:
    std::int64_t groups_;
    GroupNormalizationOptions options_;
    std::shared_ptr<Parameter> gamma_, beta_;
};

}  // namespace cairn::nn
