// What elementwise and reducing kernels compute: their operations, as backend.h's methods take them.
#pragma once

namespace cairn {

// y = op(x) of one tensor, where `a` is a number that comes with the operation:
//
//   exp, log, sqrt        the functions               abs         x < 0 ? -x : x
//   square      x^2                                   pow         x^a
//   relu        x < 0 ? 0 : x                         reciprocal  a / x
//   leaky_relu  x < 0 ? a x : x                       elu         x < 0 ? a (exp(x) - 1) : x
//   sigmoid     s(x) = 1 / (1 + exp(-x))              tanh        1 - 2 / (exp(2x) + 1)
//   silu        x s(x)                                softplus    log(1 + exp(x))
//   gelu        x P(x), where P(x) = erfc(-x / sqrt(2)) / 2 is the share of a normal distribution below x
//   gelu_tanh   x (1 + tanh(u)) / 2, where u = sqrt(2 / pi) (x + 0.044715 x^3)
//
// They are computed by formulas that neither overflow nor cancel where the result is an ordinary number. NaN stays NaN.
// The shaders count these from 0: append only, and add the case to elementwise_unary.comp and elementwise_backward.comp.
enum class Unary {
    exp,
    log,
    sqrt,
    square,
    relu,
    abs,
    pow,
    reciprocal,
    sigmoid,
    tanh,
    gelu,
    gelu_tanh,
    silu,
    elu,
    leaky_relu,
    softplus,
};

// The gradient of y = op(x) reads only one of the two, and only that one is kept: y where it tells all, else x.
constexpr bool keeps_input(Unary op) {
    switch (op) {
        case Unary::exp:
        case Unary::sqrt:
        case Unary::relu:
        case Unary::sigmoid:
        case Unary::tanh:
        case Unary::leaky_relu: return false;
        case Unary::log:
        case Unary::square:
        case Unary::abs:
        case Unary::pow:
        case Unary::reciprocal:
        case Unary::gelu:
        case Unary::gelu_tanh:
        case Unary::silu:
        case Unary::elu:
        case Unary::softplus: return true;
    }
    return true;
}

// An operation with its number: Unary::relu, or {Unary::pow, 3}.
struct UnaryFunction {
    Unary op;
    double a = 0;

    constexpr UnaryFunction(Unary operation, double number = 0) : op(operation), a(number) {}
};

// y = op(a, b) of two tensors. maximum and minimum pass NaN on; greater_equal is 1 where a >= b, else 0.
enum class Binary { add, sub, mul, div, maximum, minimum, greater_equal };

enum class Reduction { sum, mean, max };

// The order in which max, argmax and max pooling look for a maximum: NaN is larger than any number, so that they pass it on.
template <typename T>
constexpr bool is_larger(T a, T b) {
    return !(a <= b) && b == b;
}

}  // namespace cairn
