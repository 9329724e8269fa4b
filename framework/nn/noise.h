// Layers that disturb their input in training and do nothing in inference.
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

// Zeroes a share of the inputs in training, and does nothing in inference. Srivastava et al. 2014; inverted, as in
// Keras.
class Dropout final : public UnaryLayer {
public:
    explicit Dropout(double rate);
    std::string type() const override { return "Dropout"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    double rate_;
};

// Zeroes a share of the channels, each as a whole, in training. Tompson et al. 2015.
class SpatialDropout2D final : public UnaryLayer {
public:
    explicit SpatialDropout2D(double rate);
    std::string type() const override { return "SpatialDropout2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    double rate_;
};

// Adds normally distributed numbers of mean 0 in training.
class GaussianNoise final : public UnaryLayer {
public:
    explicit GaussianNoise(double stddev);
    std::string type() const override { return "GaussianNoise"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    double stddev_;
};

}  // namespace cairn::nn
