// Elementwise ops.
//
// Of one tensor, x (...) -> y (...); each gradient reads only one of x and y, and only that one is kept:
//   y = exp(x)      dx = dy y              y = square(x) = x^2     dx = 2 dy x
//   y = log(x)      dx = dy / x            y = relu(x) = max(x, 0) dx = dy where y > 0, else 0
//   y = sqrt(x)     dx = dy / (2 y)        y = abs(x)              dx = dy sign(x)
//   y = pow(x, a) = x^a                    dx = dy a x^(a - 1), 0 where a is 0
//   y = reciprocal(x, a) = a / x           dx = -dy a / x^2
//   y = affine(x, a, b) = a x + b          dx = a dy, by the same kernel
//
// Of two tensors that broadcast to y's shape; "sum" sums over the axes where the operand was repeated:
//   y = a + b       da = sum dy            db = sum dy
//   y = a - b       da = sum dy            db = -sum dy
//   y = a b         da = sum dy b          db = sum dy a
//   y = a / b       da = sum dy / b        db = -sum dy y / b
//   y = maximum(a, b), minimum(a, b)       dy goes to a where y = a, else to b; NaN is passed on
#include "cairn/ops/elementwise.h"
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <algorithm>

namespace cairn {

namespace {

using autograd::Gradients;
using ops::detail::Kink;
using ops::detail::unary;

// ---- of two tensors -------------------------------------------------------------------------------------------------
// NumPy's rule: shapes are aligned at the last axis; sizes must be equal, or one of them 1 or missing.
Shape broadcast(const char* name, const Shape& a, const Shape& b) {
    Shape result;
    for (int axis = 1; axis <= std::max(a.rank(), b.rank()); ++axis) {
        const std::int64_t m = axis <= a.rank() ? a[-axis] : 1;
        const std::int64_t n = axis <= b.rank() ? b[-axis] : 1;
        check(m == n || m == 1 || n == 1,
              "{}: shapes {} and {} do not broadcast: counted from the end, axis {} has sizes {} and {}, and neither "
              "is 1",
              name, a, b, axis, m, n);
        result = result.prepend(m == 1 ? n : m);
    }
    return result;
}

Tensor binary(const char* name, Binary op, const Tensor& a, const Tensor& b, autograd::Backward backward) {
    const Tensor y = empty_like(a, broadcast(name, a.shape(), b.shape()));
    backend(a).elementwise(op, a, b, y);
    return autograd::differentiable(name, {a, b}, y, std::move(backward));
}

// For dx = dy: hands dy over, summed first if the operand was repeated.
void give_sum(Gradients& dx, std::size_t input, const Shape& operand, const Tensor& dy) {
    if (!dx.wanted(input)) return;
    if (operand == dy.shape()) dx.give(input, dy);
    else backend(dy).reduce(Reduction::sum, dy, dx.slot(input));
}

// For other gradients: write(d) must fill d, of dy's shape. d is the operand's own slot unless the operand was
// repeated.
template <typename Write>
void write_sum(Gradients& dx, std::size_t input, const Shape& operand, const Tensor& dy, const Write& write) {
    if (!dx.wanted(input)) return;
    if (operand == dy.shape()) {
        write(dx.slot(input));
    } else {
        const Tensor repeated = empty_like(dy);
        write(repeated);
        backend(dy).reduce(Reduction::sum, repeated, dx.slot(input));
    }
}

void negate(const Tensor& x, const Tensor& y) {
    backend(x).fill(y, 0);
    backend(x).add_scaled(-1, x, y);
}

// x, if it has to be kept for the gradient of `other`.
Tensor kept_for(const Tensor& other, const Tensor& x) { return autograd::records({other}) ? x : Tensor(); }

// maximum and minimum: `first` is 1 where y is a. As that does not depend on the values elsewhere, it is all that is kept.
Tensor extremum(const char* name, Binary op, const Tensor& a, const Tensor& b) {
    ops::check_operands(name, {a, b});
    Tensor first;
    if (autograd::records({a, b}) || autograd::choices_are_wanted()) {
        first = empty_like(a, broadcast(name, a.shape(), b.shape()));
        if (op == Binary::maximum) backend(a).elementwise(Binary::greater_equal, a, b, first);
        else backend(a).elementwise(Binary::greater_equal, b, a, first);
        autograd::observe_signs(first);
    }
    return binary(name, op, a, b, [=, sa = a.shape(), sb = b.shape()](const Tensor& dy, Gradients& dx) {
        const auto masked = [&](const Tensor& mask) {
            return [&](const Tensor& d) { backend(dy).elementwise(Binary::mul, dy, mask, d); };
        };
        write_sum(dx, 0, sa, dy, masked(first));
        if (!dx.wanted(1)) return;
        const Tensor second = empty_like(first);
        backend(dy).affine(first, -1, 1, second);
        write_sum(dx, 1, sb, dy, masked(second));
    });
}

}  // namespace

Tensor ops::detail::unary(const char* name, const UnaryFunction& f, const Tensor& x, Kink kink) {
    check_operands(name, {x});
    const Tensor y = empty_like(x);
    backend(x).elementwise(f, x, y);
    if (kink != Kink::none) autograd::observe_signs(kink == Kink::input ? x : y);
    return autograd::differentiable(name, {x}, y,
                                    [f, kept = keeps_input(f.op) ? x : y](const Tensor& dy, Gradients& dx) {
                                        backend(dy).elementwise_backward(f, kept, dy, dx.slot(0));
                                    });
}

Tensor ops::exp(const Tensor& x) { return unary("exp", Unary::exp, x); }
Tensor ops::log(const Tensor& x) { return unary("log", Unary::log, x); }
Tensor ops::sqrt(const Tensor& x) { return unary("sqrt", Unary::sqrt, x); }
Tensor ops::square(const Tensor& x) { return unary("square", Unary::square, x); }
Tensor ops::relu(const Tensor& x) { return unary("relu", Unary::relu, x, Kink::output); }
Tensor ops::abs(const Tensor& x) { return unary("abs", Unary::abs, x, Kink::input); }
Tensor ops::pow(const Tensor& x, double exponent) { return unary("pow", {Unary::pow, exponent}, x); }
Tensor ops::reciprocal(const Tensor& x, double numerator) {
    return unary("reciprocal", {Unary::reciprocal, numerator}, x);
}

Tensor ops::affine(const Tensor& x, double scale, double shift) {
    check_operands("affine", {x});
    const Tensor y = empty_like(x);
    backend(x).affine(x, scale, shift, y);
    return autograd::differentiable(
        "affine", {x}, y, [scale](const Tensor& dy, Gradients& dx) { backend(dy).affine(dy, scale, 0, dx.slot(0)); });
}

Tensor ops::add(const Tensor& a, const Tensor& b) {
    check_operands("add", {a, b});
    return binary("add", Binary::add, a, b, [sa = a.shape(), sb = b.shape()](const Tensor& dy, Gradients& dx) {
        give_sum(dx, 0, sa, dy);
        give_sum(dx, 1, sb, dy);
    });
}

Tensor ops::sub(const Tensor& a, const Tensor& b) {
    check_operands("sub", {a, b});
    return binary("sub", Binary::sub, a, b, [sa = a.shape(), sb = b.shape()](const Tensor& dy, Gradients& dx) {
        give_sum(dx, 0, sa, dy);
        write_sum(dx, 1, sb, dy, [&](const Tensor& d) { negate(dy, d); });
    });
}

Tensor ops::mul(const Tensor& a, const Tensor& b) {
    check_operands("mul", {a, b});
    const Tensor kept_a = kept_for(b, a), kept_b = kept_for(a, b);
    return binary("mul", Binary::mul, a, b, [=, sa = a.shape(), sb = b.shape()](const Tensor& dy, Gradients& dx) {
        write_sum(dx, 0, sa, dy, [&](const Tensor& d) { backend(dy).elementwise(Binary::mul, dy, kept_b, d); });
        write_sum(dx, 1, sb, dy, [&](const Tensor& d) { backend(dy).elementwise(Binary::mul, dy, kept_a, d); });
    });
}

Tensor ops::div(const Tensor& a, const Tensor& b) {
    check_operands("div", {a, b});
    const Tensor y = empty_like(a, broadcast("div", a.shape(), b.shape()));
    backend(a).elementwise(Binary::div, a, b, y);

    const Tensor kept_y = kept_for(b, y);
    return autograd::differentiable("div", {a, b}, y, [=, sa = a.shape()](const Tensor& dy, Gradients& dx) {
        write_sum(dx, 0, sa, dy, [&](const Tensor& d) { backend(dy).elementwise(Binary::div, dy, b, d); });
        write_sum(dx, 1, b.shape(), dy, [&](const Tensor& d) {
            const Tensor product = empty_like(dy);
            backend(dy).elementwise(Binary::mul, dy, kept_y, product);
            backend(dy).elementwise(Binary::div, product, b, product);
            negate(product, d);
        });
    });
}

Tensor ops::maximum(const Tensor& a, const Tensor& b) { return extremum("maximum", Binary::maximum, a, b); }
Tensor ops::minimum(const Tensor& a, const Tensor& b) { return extremum("minimum", Binary::minimum, a, b); }

}  // namespace cairn
