// ActivationFunction: what `activation =` takes, any function of a tensor.
//
//   nn::Conv2D(32, {3, 3}, {.activation = nn::relu})
//   nn::Conv2D(32, {3, 3}, {.activation = nn::gelu})
//   nn::Conv2D(32, {3, 3}, {.activation = nn::leaky_relu(0.1)})
//   nn::Dense(64, {.activation = [](const Tensor& x) { return ops::square(ops::relu(x)); }})
#pragma once

#include "cairn/ops/ops.h"

#include <concepts>
#include <functional>
#include <string>

namespace cairn::nn {

// A function y = f(x), differentiable, whose output has its input's shape. Convolutions and dense layers compute ReLU in
// their own kernels (fused with the product) and call any other function on their output.
class ActivationFunction {
public:
    ActivationFunction() = default;  // the identity
    ActivationFunction(std::string name, std::function<Tensor(const Tensor&)> function)
        : name_(std::move(name)), function_(std::move(function)) {}
    // A function without a name: a lambda, an op.
    template <std::invocable<const Tensor&> F>
    requires(!std::derived_from<std::remove_cvref_t<F>, ActivationFunction>) ActivationFunction(F&& function)
        : ActivationFunction("function", std::forward<F>(function)) {}

    Tensor operator()(const Tensor& x) const { return function_ ? function_(x) : x; }

    const std::string& name() const { return name_; }  // Keras's: "linear", "relu", "leaky_relu"
    bool is_relu() const;
    bool is_fused() const { return !function_ || is_relu(); }  // by the kernels of convolutions and dense layers
    // What is left to do to the output of a kernel that has fused what it can.
    Tensor after_kernel(const Tensor& y) const { return is_fused() ? y : function_(y); }

private:
    std::string name_ = "linear";
    std::function<Tensor(const Tensor&)> function_;
};

inline const ActivationFunction linear;
inline const ActivationFunction relu{"relu", ops::relu};
inline const ActivationFunction sigmoid{"sigmoid", ops::sigmoid};
inline const ActivationFunction tanh{"tanh", ops::tanh};
inline const ActivationFunction silu{"silu", ops::silu};
inline const ActivationFunction softplus{"softplus", ops::softplus};
inline const ActivationFunction softmax{"softmax", ops::softmax};

// One that takes an option: by itself it has Keras's default, and called with an option it makes one that has it.
template <typename Option>
class ActivationWithOption final : public ActivationFunction {
public:
    using Make = ActivationFunction (*)(Option);
    ActivationWithOption(Make make, Option usual) : ActivationFunction(make(usual)), make_(make) {}
    using ActivationFunction::operator();
    ActivationFunction operator()() const { return *this; }
    ActivationFunction operator()(Option option) const { return make_(option); }

private:
    Make make_;
};

ActivationFunction make_gelu(bool approximate);
ActivationFunction make_elu(double alpha);
ActivationFunction make_leaky_relu(double negative_slope);
inline const ActivationWithOption<bool> gelu{make_gelu, false};
inline const ActivationWithOption<double> elu{make_elu, 1};
inline const ActivationWithOption<double> leaky_relu{make_leaky_relu, 0.2};

}  // namespace cairn::nn
