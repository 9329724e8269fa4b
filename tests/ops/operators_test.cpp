// Operators and activations: what they compute, far out as well, and what a kernel of vectors is off by.
#include "cairn/ops/operators.h"
#include "cairn/autograd/graph.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace cairn::test {
namespace {

using Values = std::vector<double>;

// Catches operands that are swapped, a sign, a number on the wrong side.
TEST(Operators, OnPaper) {
    const Tensor x = from_values<double>({2}, {2, -4}, Device::cpu()),
                 y = from_values<double>({2}, {8, 16}, Device::cpu());
    EXPECT_EQ(numbers(x + y), (Values{10, 12}));
    EXPECT_EQ(numbers(x - y), (Values{-6, -20}));
    EXPECT_EQ(numbers(x * y), (Values{16, -64}));
    EXPECT_EQ(numbers(y / x), (Values{4, -4}));
    EXPECT_EQ(numbers(-x), (Values{-2, 4}));
    EXPECT_EQ(numbers(x + 1), (Values{3, -3}));
    EXPECT_EQ(numbers(1.0 + x), (Values{3, -3}));
    EXPECT_EQ(numbers(x - 1), (Values{1, -5}));
    EXPECT_EQ(numbers(1 - x), (Values{-1, 5}));
    EXPECT_EQ(numbers(x * 3), (Values{6, -12}));
    EXPECT_EQ(numbers(3 * x), (Values{6, -12}));
    EXPECT_EQ(numbers(x / 4), (Values{0.5, -1}));
    EXPECT_EQ(numbers(8 / x), (Values{4, -2}));
    EXPECT_EQ(numbers(ops::pow(x, 3)), (Values{8, -64}));
    EXPECT_EQ(numbers(ops::abs(x)), (Values{2, 4}));
    EXPECT_EQ(numbers(ops::maximum(x, from_values<double>({1}, {1}, Device::cpu()))), (Values{2, 1}));
    EXPECT_EQ(numbers(ops::minimum(x, from_values<double>({1}, {1}, Device::cpu()))), (Values{1, -4}));
}

// y = x * x + x uses x three times, 1 - y * y uses y twice: each use brings a gradient, and none may be lost.
TEST(Operators, AreDifferentiable) {
    const Tensor x = autograd::variable(from_values<double>({2}, {2, -3}, Device::cpu()));
    const Tensor y = x * x + x;
    autograd::backward(ops::sum(1.0 - y * y));
    EXPECT_EQ(numbers(autograd::gradient(x)), (Values{-2 * 6 * 5, -2 * 6 * -5}));
}

// At a tie the whole gradient goes to the first, as in Keras on TensorFlow; 0 has no sign; a constant has no slope.
TEST(Operators, GradientsAtTheirKinks) {
    const auto gradients = [](const std::function<Tensor(const Tensor&, const Tensor&)>& f, double a, double b) {
        const Tensor x = autograd::variable(from_values<double>({1}, {a}, Device::cpu())),
                     y = autograd::variable(from_values<double>({1}, {b}, Device::cpu()));
        autograd::backward(f(x, y));
        return Values{autograd::gradient(x).item(), autograd::gradient(y).item()};
    };
    EXPECT_EQ(gradients(ops::maximum, 3, 3), (Values{1, 0}));
    EXPECT_EQ(gradients(ops::minimum, 3, 3), (Values{1, 0}));
    EXPECT_EQ(gradients(ops::minimum, 3, 2), (Values{0, 1}));
    const auto of_one = [&](const auto& f, double x) {
        return gradients([&](const Tensor& a, const Tensor& b) { return ops::add(f(a), b); }, x, 0)[0];
    };
    EXPECT_EQ(of_one(ops::abs, 0), 0);
    EXPECT_EQ(of_one([](const Tensor& x) { return ops::pow(x, 0); }, 0), 0) << "0 times infinity otherwise";
    EXPECT_EQ(of_one([](const Tensor& x) { return ops::leaky_relu(x, 0.25); }, 0), 0.25);
    EXPECT_EQ(of_one([](const Tensor& x) { return ops::elu(x, 0.5); }, 0), 0.5);
}

struct Named {
    const char* name;
    std::function<Tensor(const Tensor&)> f;
    std::function<double(double)> exact;
    double slope_far_left, slope_far_right;  // of the function at -1e4 and 1e4
    double left, right;                      // its values there
    double ulps;                             // what float32 on the cpu may be off by for -80 <= x <= 80
};

double exact_sigmoid(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
double exact_gelu_tanh(double x) { return x * exact_sigmoid(2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)); }

// gelu by tanh multiplies the rounding of its argument, of the size of x^3, by that size.
const std::vector<Named> activations{
    {"sigmoid", ops::sigmoid, exact_sigmoid, 0, 0, 0, 1, 4},
    {"tanh", ops::tanh, [](double x) { return std::tanh(x); }, 0, 0, -1, 1, 4},
    {"silu", ops::silu, [](double x) { return x * exact_sigmoid(x); }, 0, 1, 0, 1e4, 4},
    {"softplus", ops::softplus, [](double x) { return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x))); }, 0, 1, 0,
     1e4, 4},
    {"gelu", [](const Tensor& x) { return ops::gelu(x); }, [](double x) { return x * std::erfc(-x / M_SQRT2) / 2; }, 0,
     1, 0, 1e4, 6},
    {"gelu by tanh", [](const Tensor& x) { return ops::gelu(x, true); }, exact_gelu_tanh, 0, 1, 0, 1e4, 200},
    {"elu", [](const Tensor& x) { return ops::elu(x); }, [](double x) { return x < 0 ? std::expm1(x) : x; }, 0, 1, -1,
     1e4, 4},
    {"leaky_relu", [](const Tensor& x) { return ops::leaky_relu(x, 0.25); },
     [](double x) { return x < 0 ? 0.25 * x : x; }, 0.25, 1, -2500, 1e4, 0},
};

// No overflow, no infinity minus infinity, no 0 times infinity: at ±1e4 values and gradients are the limits themselves.
TEST(Activations, AreExactFarOut) {
    for (const Named& a : activations)
        for (const Device& device : {Device::reference(), Device::cpu()})
            for (const DType dtype : {DType::float32, DType::float64}) {
                const Tensor x = autograd::variable(to_dtype(from_values<double>({2}, {-1e4, 1e4}, device), dtype));
                const Tensor y = a.f(x);
                autograd::backward(ops::sum(y));
                EXPECT_EQ(numbers(y), (Values{a.left, a.right})) << a.name << " " << device.str();
                EXPECT_EQ(numbers(autograd::gradient(x)), (Values{a.slope_far_left, a.slope_far_right}))
                    << a.name << " " << device.str();
            }
}

// A network that has diverged must not look healthy.
TEST(Activations, PassNaNOn) {
    for (const Named& a : activations)
        for (const DType dtype : {DType::float32, DType::float64})
            for (const double x : numbers(a.f(full({37}, std::nan(""), dtype, Device::cpu()))))
                EXPECT_TRUE(std::isnan(x)) << a.name;
}

// The float32 functions of the cpu are polynomials of our own: over 160,001 points no more than this many units in the last
// place from the exact value. Catches a coefficient that is wrong in its last digits, which no bound by norm sees.
TEST(Activations, AreOffByAFewUnitsInTheLastPlace) {
    std::vector<float> points;
    for (int i = -80000; i <= 80000; ++i) points.push_back(static_cast<float>(i) / 1000);
    for (int i = 0; i < 120; ++i) points.push_back(std::ldexp(i % 2 == 0 ? 1.1f : -1.3f, -i));
    const Tensor x = from_values({static_cast<std::int64_t>(points.size())}, points, Device::cpu());
    for (const Named& a : activations) {
        const std::vector<float> y = a.f(x).to_vector<float>();
        double worst = 0, at = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double wanted = a.exact(points[i]);
            // Near float32's smallest ordinary number, where exponentials are cut off, only the size counts.
            const double size = std::max(std::abs(wanted), 0x1p-1000);  // 0 has no exponent
            const double unit = std::max(std::ldexp(1.0, std::ilogb(size) - 23), 0x1p-122 / std::max(a.ulps, 1.0));
            const double error = std::abs(static_cast<double>(y[i]) - wanted) / unit;
            if (!(error <= worst)) {
                worst = error;
                at = points[i];
            }
        }
        EXPECT_LE(worst, a.ulps) << a.name << " at " << at;
    }
}

TEST(Activations, Messages) {
    const Tensor x = full({2}, 1, DType::float32, Device::cpu());
    EXPECT_EQ(error_message([&] { ops::leaky_relu(x, -1); }), "leaky_relu: the negative slope -1 must not be negative");
    EXPECT_EQ(error_message([] { ops::gelu(Tensor()); }), "gelu: an input is an undefined Tensor");
}

}  // namespace
}  // namespace cairn::test
