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

private:
    double rate_;
};

}  // namespace cairn::nn
