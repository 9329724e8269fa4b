#include "chapters/02-tensors-gradcheck/grade_ops.h"

#include <algorithm>
#include <cmath>

namespace cairn::course {

namespace {

using Scalar = double (*)(double x);

// y = f(x), element by element, with df(x) as its derivative, right or wrong.
exercise::Op each(Scalar f, Scalar df) {
    return {[f](const Array& x) {
                Array y = x;
                for (double& value : y.values) value = f(value);
                return y;
            },
            [df](const Array& x, const Array& dy) {
                Array dx = dy;
                for (std::size_t i = 0; i < dx.size(); ++i) dx[i] *= df(x[i]);
                return dx;
            }};
}

Array softmax(const Array& x) {
    Array y = x;
    double sum = 0;
    for (double& value : y.values) sum += value = std::exp(value);
    for (double& value : y.values) value /= sum;
    return y;
}

Array softmax_gradient(const Array& x, const Array& dy) {
    const Array y = softmax(x);
    double dot = 0;
    for (std::size_t i = 0; i < y.size(); ++i) dot += dy[i] * y[i];
    Array dx = dy;
    for (std::size_t i = 0; i < y.size(); ++i) dx[i] = y[i] * (dy[i] - dot);
    return dx;
}

Array reversed(const Array& x) {
    Array y = x;
    std::ranges::reverse(y.values);
    return y;
}

Array running_sum(const Array& x) {
    Array y = x;
    for (std::size_t i = 1; i < y.size(); ++i) y[i] += y[i - 1];
    return y;
}

Array mean(const Array& x) {
    double sum = 0;
    for (const double value : x.values) sum += value;
    return Array({1}, {sum / static_cast<double>(x.size())});
}

Array all_but_last(const Array& x, const Array& dy) {
    Array dx = dy;
    for (std::size_t i = 0; i < dx.size(); ++i) dx[i] *= i + 1 < dx.size() ? 2 * x[i] : x[i];
    return dx;
}

double square(double x) { return x * x; }
double relu(double x) { return x * static_cast<double>(x > 0); }
double step(double x) { return x > 0 ? 1 : 0; }

}  // namespace

std::vector<JudgedOp> judged_ops() {
    const Array x({2, 3}, {0.5, -1.25, 0.75, 1.5, -0.4, 0.9}), positive({5}, {0.5, 1.25, 0.75, 2.5, 0.4});
    const Array near_zero({6}, {0.5, -1.25, 1e-9, 1.5, -1e-10, 0.9});
    const exercise::Function zeros = [](const Array& a) { return Array(a.shape); };
    return {
        {"square", each(square, [](double v) { return 2 * v; }), x, true, "its step is too long, or too short"},
        {"softmax", {softmax, softmax_gradient}, x, true, "its step is too long, or too short"},
        {"1e6 exp(x)", each([](double v) { return 1e6 * std::exp(v); }, [](double v) { return 1e6 * std::exp(v); }), x, true,
         "a gradient of a million has an absolute error that looks large"},
        {"relu near 0", each(relu, step), near_zero, true, "two of its elements lie within the step of relu's kink"},
        {"a constant", {[](const Array& a) { return Array(a.shape, 0.5); }, [](const Array& a, const Array&) { return Array(a.shape); }}, x, true, "both gradients are 0, and 0 / 0 is not a number"},
        {"1e-6 sin(3x)", each([](double v) { return 1e-6 * std::sin(3 * v); }, [](double v) { return 3e-6 * std::cos(3 * v); }), x,
         true, "its gradient is small, not wrong"},

        {"square, dx = x dy", each(square, [](double v) { return v; }), x, false, "the factor 2 is missing"},
        {"exp, dx = x dy", each([](double v) { return std::exp(v); }, [](double v) { return v; }), x, false,
         "exp' is exp, not x"},
        {"tanh, dx = (1 - y) dy", each([](double v) { return std::tanh(v); }, [](double v) { return 1 - std::tanh(v); }), x,
         false, "y is not squared"},
        {"relu, dx = dy", each(relu, [](double) { return 1.0; }), x, false, "negative elements let the gradient through"},
        {"abs, dx = dy", each([](double v) { return std::abs(v); }, [](double) { return 1.0; }), x, false, "the sign is missing"},
        {"log, dx = dy / (x + 0.001)", each([](double v) { return std::log(v); }, [](double v) { return 1 / (v + 1e-3); }),
         positive, false, "an epsilon stands in backward and not in forward: about 0.1 percent"},
        {"softmax, dx = 0", {softmax, [zeros](const Array& a, const Array&) { return zeros(a); }}, x, false, "softmax's outputs sum to 1, so a cotangent of ones sees a gradient of 0"},
        {"reverse, dx = dy", {reversed, [](const Array&, const Array& dy) { return dy; }}, x, false, "backward does not reverse; a cotangent of ones is its own reverse"},
        {"running sum, summed from the front", {running_sum, [](const Array&, const Array& dy) { return running_sum(dy); }}, x, false, "the gradient is summed from the wrong end"},
        {"mean, dx = dy", {mean, [](const Array& a, const Array& dy) { return Array(a.shape, dy[0]); }}, x, false, "the division by the number of elements is missing"},
        {"1e-6 square, dx = 1e-6 x dy", each([](double v) { return 1e-6 * v * v; }, [](double v) { return 1e-6 * v; }), x, false,
         "half of a small gradient is missing: its absolute error is small too"},
        {"square, last element halved", {each(square, nullptr).forward, all_but_last}, x, false, "a single element is wrong, the last one"},
    };
}

}  // namespace cairn::course
