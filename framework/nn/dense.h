// Dense: a matrix product, a bias, an activation.
#pragma once

#include "cairn/nn/activation.h"
#include "cairn/nn/layer.h"
#include "cairn/nn/regularizer.h"

namespace cairn::nn {

struct DenseOptions {
    ActivationFunction activation{};
    bool use_bias = true;
    Initializer kernel_initializer = glorot_uniform();
    Initializer bias_initializer = zeros();
    Regularizer kernel_regularizer{}, bias_regularizer{};
    Regularizer activity_regularizer{};  // of the layer's output
};

// activation(x kernel + bias): (I,) -> (units,). Parameters: kernel (I, units), bias (units).
class Dense final : public UnaryLayer {
public:
    explicit Dense(std::int64_t units, const DenseOptions& options = {});
    std::string type() const override { return "Dense"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Tensor penalty() const override;
    std::vector<Regularizer*> kernel_regularizers() override { return {&options_.kernel_regularizer}; }
    Settings settings() const override;
    std::int64_t flops() const override { return flops_; }

private:
    std::int64_t units_;
    DenseOptions options_;
    std::shared_ptr<Parameter> kernel_, bias_;
    std::int64_t flops_ = 0;
};

}  // namespace cairn::nn
