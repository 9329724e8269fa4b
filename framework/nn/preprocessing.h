// Layers that prepare images for a model.
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

// y = x scale + offset, in training and in inference: nn::Rescaling(1.0 / 127.5, -1).
class Rescaling final : public UnaryLayer {
public:
    explicit Rescaling(double scale, double offset = 0) : scale_(scale), offset_(offset) {}
    std::string type() const override { return "Rescaling"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    double scale_, offset_;
};

}  // namespace cairn::nn
