// Another right answer: index tuples and strides instead of remainders, a running product, one loop for both gradients.
#include "chapters/02-tensors-gradcheck/exercise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace exercise {

namespace {

// Strides of `a` under a result of `rank` axes; 0 where it stretches.
Sizes strides_under(const Array& a, std::size_t rank) {
    Sizes strides(rank, 0);
    std::size_t stride = 1;
    for (std::size_t axis = a.shape.size(); axis-- > 0; stride *= a.shape[axis])
        if (a.shape[axis] > 1) strides[rank - a.shape.size() + axis] = stride;
    return strides;
}

Sizes common(Sizes a, Sizes b) {
    if (a.size() < b.size()) std::swap(a, b);
    for (std::size_t i = 0; i < b.size(); ++i) {
        std::size_t& size = a[a.size() - b.size() + i];
        if (size == 1) size = b[i];
    }
    return a;
}

// visit(i, j, k): element i of the result, j of x, k of y.
template <typename Visit>
void walk(const Array& x, const Array& y, const Sizes& shape, const Visit& visit) {
    const Sizes xs = strides_under(x, shape.size()), ys = strides_under(y, shape.size());
    const std::size_t n = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t rest = n, left = i, j = 0, k = 0;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            rest /= shape[axis];
            j += left / rest * xs[axis];
            k += left / rest * ys[axis];
            left %= rest;
        }
        visit(i, j, k);
    }
}

double length(const std::vector<double>& v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

}  // namespace

Array add(const Array& x, const Array& y) {
    Array z(common(x.shape, y.shape));
    walk(x, y, z.shape, [&](std::size_t i, std::size_t j, std::size_t k) { z[i] = y[k] + x[j]; });
    return z;
}

Pair add_backward(const Array& x, const Array& y, const Array& dz) {
    const Array ones_x(x.shape, 1), ones_y(y.shape, 1);
    return mul_backward(ones_x, ones_y, dz);
}

Array mul(const Array& x, const Array& y) {
    Array z(common(x.shape, y.shape));
    walk(x, y, z.shape, [&](std::size_t i, std::size_t j, std::size_t k) { z[i] = y[k] * x[j]; });
    return z;
}

Pair mul_backward(const Array& x, const Array& y, const Array& dz) {
    Pair gradients{Array(x.shape), Array(y.shape)};
    walk(x, y, dz.shape, [&](std::size_t i, std::size_t j, std::size_t k) { gradients.dx[j] += y[k] * dz[i]; });
    walk(x, y, dz.shape, [&](std::size_t i, std::size_t j, std::size_t k) { gradients.dy[k] += x[j] * dz[i]; });
    return gradients;
}

Array sum(const Array& x, std::size_t axis, bool keepdims) {
    Array kept = x;
    kept.shape[axis] = 1;
    kept = Array(kept.shape);
    walk(x, kept, x.shape, [&](std::size_t, std::size_t j, std::size_t k) { kept[k] += x[j]; });
    if (!keepdims) kept.shape.erase(kept.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    return kept;
}

Array sum_backward(const Array& x, std::size_t axis, bool keepdims, const Array& dy) {
    Array row = dy, dx(x.shape);
    if (!keepdims) row.shape.insert(row.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
    walk(dx, row, x.shape, [&](std::size_t i, std::size_t, std::size_t k) { dx[i] = row[k]; });
    return dx;
}

Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h) {
    Array dx(x.shape);
    const auto weighed = [&] {
        const Array y = f(x);
        return std::inner_product(y.values.begin(), y.values.end(), dy.values.begin(), 0.0);
    };
    for (std::size_t j = 0; j < x.size(); ++j) {
        const double here = x[j];
        x[j] = here - h;
        const double below = weighed();
        x[j] = here + h;
        dx[j] = (weighed() - below) / (2 * h);
        x[j] = here;
    }
    return dx;
}

double relative_error(const Array& a, const Array& b) {
    std::vector<double> gap(a.size());
    std::transform(a.values.begin(), a.values.end(), b.values.begin(), gap.begin(), std::minus<>());
    return length(gap) / std::max(1e-12, std::max(length(a.values), length(b.values)));
}

bool gradcheck(const Op& op, const Array& x, RandomStream& random) {
    const double h = 3e-6;
    Array at = x, y = op.forward(x), dy(y.shape);
    for (double& value : dy.values) value = random.uniform(-1, 1);
    const Array dx = op.backward(x, dy);
    Array mine({0}), numeric({0});
    for (std::size_t j = 0; j < x.size(); ++j) {
        const auto slope = [&](double from, double to) {
            at[j] = x[j] + to;
            const Array upper = op.forward(at);
            at[j] = x[j] + from;
            const Array lower = op.forward(at);
            at[j] = x[j];
            double sum = 0;
            for (std::size_t i = 0; i < dy.size(); ++i) sum += dy[i] * (upper[i] - lower[i]);
            return sum / (to - from);
        };
        const double left = slope(-h, 0), right = slope(0, h);
        if (std::abs(left - right) > 1e-2 * std::max(std::abs(left), std::abs(right)) + 1e-9) continue;
        mine.values.push_back(dx[j]);
        numeric.values.push_back(slope(-h, h));
    }
    return mine.size() > 0 && relative_error(mine, numeric) < 1e-5;
}

}  // namespace exercise
