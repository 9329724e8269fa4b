// Layers with several inputs of one shape.
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

// The sum of inputs of one shape, as Keras's Add.
class Add final : public Layer {
public:
    std::string type() const override { return "Add"; }
    Shape connect(std::span<const Shape> inputs) override;
    Tensor apply(std::span<const Tensor> inputs, const Call& call) const override;
};

}  // namespace cairn::nn
