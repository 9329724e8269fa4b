// Activations: x (...) -> y (...). With s(x) = 1 / (1 + exp(-x)), P(x) the share of a normal distribution below x, p(x) its
// density, and u = sqrt(2 / pi) (x + 0.044715 x^3):
//
//   y = sigmoid(x) = s(x)                       dx = dy y (1 - y)
//   y = tanh(x)                                 dx = dy (1 - y) (1 + y)
//   y = silu(x) = x s(x)                        dx = dy s(x) (1 + x s(-x))
//   y = softplus(x) = log(1 + exp(x))           dx = dy s(x)
//   y = gelu(x) = x P(x)                        dx = dy (P(x) + x p(x))
//   y = gelu(x, true) = x (1 + tanh(u)) / 2     dx = dy s(2u) (1 + x s(-2u) 2 du/dx)
//   y = elu(x) = x, or a (exp(x) - 1)           dx = dy, or dy a exp(x) where x <= 0
//   y = leaky_relu(x) = x, or a x               dx = dy, or dy a where x <= 0
#include "cairn/ops/activations.h"

#include "cairn/core/error.h"
#include "cairn/ops/elementwise.h"

namespace cairn {

using ops::detail::Kink;
using ops::detail::unary;

Tensor ops::sigmoid(const Tensor& x) { return unary("sigmoid", Unary::sigmoid, x); }
Tensor ops::tanh(const Tensor& x) { return unary("tanh", Unary::tanh, x); }
Tensor ops::silu(const Tensor& x) { return unary("silu", Unary::silu, x); }
Tensor ops::softplus(const Tensor& x) { return unary("softplus", Unary::softplus, x); }

Tensor ops::gelu(const Tensor& x, bool approximate) {
    return unary("gelu", approximate ? Unary::gelu_tanh : Unary::gelu, x);
}

// Both gradients jump at 0, but for elu with alpha 1.
Tensor ops::elu(const Tensor& x, double alpha) {
    return unary("elu", {Unary::elu, alpha}, x, alpha == 1 ? Kink::none : Kink::input);
}

Tensor ops::leaky_relu(const Tensor& x, double negative_slope) {
    check(negative_slope >= 0, "leaky_relu: the negative slope {} must not be negative", negative_slope);
    return unary("leaky_relu", {Unary::leaky_relu, negative_slope}, x, Kink::output);
}

}  // namespace cairn
