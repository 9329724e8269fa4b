// Input: what every model begins with.
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

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

}  // namespace cairn::nn
