// Chapter 2: one right answer.
#include "chapters/02-tensors-gradcheck/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

namespace {

// The shape of x op y: the last axes stand below each other, and 1 stretches.
Sizes broadcast(const Sizes& a, const Sizes& b) {
    Sizes shape(std::max(a.size(), b.size()));
    for (std::size_t back = 1; back <= shape.size(); ++back) {
        const std::size_t m = back <= a.size() ? a[a.size() - back] : 1, n = back <= b.size() ? b[b.size() - back] : 1;
        shape[shape.size() - back] = m == 1 ? n : m;
    }
    return shape;
}

// Which element of an array of the shape `small` stands at element i of the shape `large` that it is stretched to.
std::size_t source(std::size_t i, const Sizes& large, const Sizes& small) {
    std::size_t element = 0, stride = 1;
    for (std::size_t back = 1; back <= large.size(); ++back) {
        const std::size_t size = large[large.size() - back], index = i % size;
        i /= size;
        if (back > small.size()) break;
        const std::size_t own = small[small.size() - back];
        if (own != 1) element += index * stride;
        stride *= own;
    }
    return element;
}

// x (outer, n, inner) as one axis sees it.
struct Axis {
    std::size_t outer = 1, n = 1, inner = 1;
};

Axis split(const Sizes& shape, std::size_t axis) {
    Axis result;
    for (std::size_t a = 0; a < shape.size(); ++a) (a < axis ? result.outer : a == axis ? result.n
                                                                                        : result.inner) *= shape[a];
    return result;
}

double norm(const Array& a) {
    double squares = 0;
    for (const double value : a.values) squares += value * value;
    return std::sqrt(squares);
}

}  // namespace

Array add(const Array& x, const Array& y) {
    Array z(broadcast(x.shape, y.shape));
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = x[source(i, z.shape, x.shape)] + y[source(i, z.shape, y.shape)];
    return z;
}

Pair add_backward(const Array& x, const Array& y, const Array& dz) {
    Pair d{Array(x.shape), Array(y.shape)};
    for (std::size_t i = 0; i < dz.size(); ++i) {
        d.dx[source(i, dz.shape, x.shape)] += dz[i];
        d.dy[source(i, dz.shape, y.shape)] += dz[i];
    }
    return d;
}

Array mul(const Array& x, const Array& y) {
    Array z(broadcast(x.shape, y.shape));
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = x[source(i, z.shape, x.shape)] * y[source(i, z.shape, y.shape)];
    return z;
}

Pair mul_backward(const Array& x, const Array& y, const Array& dz) {
    Pair d{Array(x.shape), Array(y.shape)};
    for (std::size_t i = 0; i < dz.size(); ++i) {
        const std::size_t j = source(i, dz.shape, x.shape), k = source(i, dz.shape, y.shape);
        d.dx[j] += dz[i] * y[k];
        d.dy[k] += dz[i] * x[j];
    }
    return d;
}

Array sum(const Array& x, std::size_t axis, bool keepdims) {
    const auto [outer, n, inner] = split(x.shape, axis);
    Array y(x.shape);
    if (keepdims) y.shape[axis] = 1;
    else y.shape.erase(y.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    y.values.assign(outer * inner, 0.0);
    for (std::size_t o = 0; o < outer; ++o)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < inner; ++i) y[o * inner + i] += x[(o * n + k) * inner + i];
    return y;
}

Array sum_backward(const Array& x, std::size_t axis, bool, const Array& dy) {
    const auto [outer, n, inner] = split(x.shape, axis);
    Array dx(x.shape);
    for (std::size_t o = 0; o < outer; ++o)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < inner; ++i) dx[(o * n + k) * inner + i] = dy[o * inner + i];
    return dx;
}

Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h) {
    Array dx(x.shape);
    for (std::size_t j = 0; j < x.size(); ++j) {
        const double before = x[j];
        x[j] = before + h;
        const Array plus = f(x);
        x[j] = before - h;
        const Array minus = f(x);
        x[j] = before;
        for (std::size_t i = 0; i < dy.size(); ++i) dx[j] += dy[i] * (plus[i] - minus[i]) / (2 * h);
    }
    return dx;
}

double relative_error(const Array& a, const Array& b) {
    Array difference = a;
    for (std::size_t i = 0; i < a.size(); ++i) difference[i] -= b[i];
    return norm(difference) / std::max({norm(a), norm(b), 1e-12});
}

bool gradcheck(const Op& op, const Array& start, RandomStream& random) {
    const double h = 1e-6;
    Array x = start;
    const Array y = op.forward(x);
    Array dy(y.shape);
    for (double& value : dy.values) value = random.normal();
    Array analytic = op.backward(x, dy), numeric = numeric_gradient(op.forward, x, dy, h);
    std::size_t compared = x.size();
    for (std::size_t j = 0; j < x.size(); ++j) {
        // On a kink the slopes to the left and to the right differ, however small h is.
        x[j] = start[j] + h;
        const Array plus = op.forward(x);
        x[j] = start[j] - h;
        const Array minus = op.forward(x);
        x[j] = start[j];
        double right = 0, left = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            right = std::max(right, std::abs((plus[i] - y[i]) - (y[i] - minus[i])));
            left = std::max({left, std::abs(plus[i] - y[i]), std::abs(y[i] - minus[i])});
        }
        if (right <= 1e-3 * left + 1e-13) continue;
        analytic[j] = numeric[j] = 0;
        --compared;
    }
    return compared > 0 && relative_error(analytic, numeric) < 1e-5;
}

}  // namespace exercise
