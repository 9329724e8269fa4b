// Gradients that are wrong in the ways people get them wrong, each one found by gradcheck.
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "gradcheck/passes.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using autograd::Gradients;

const Device device = Device::reference();

// ---- batch norm -----------------------------------------------------------------------------------------------------

// Batch norm of x (M, C), gamma = 1, beta = 0, whose backward may leave out a term:
//   dx = (dy - mean_term * (sum dy) / M - xhat_term * xhat * (sum dy xhat) / M) / sqrt(variance + epsilon)
autograd::Function normalize(double mean_term, double xhat_term) {
    return [=](const Tensors& inputs) {
        const Tensor& x = inputs[0];
        const std::int64_t rows = x.dim(0), channels = x.dim(1);
        const Tensor mean = empty({channels}, DType::float64, device), variance = empty_like(mean);
        const Tensor ones = full({channels}, 1, DType::float64, device),
                     zero = zeros({channels}, DType::float64, device);
        const Tensor y = empty_like(x);  // = xhat
        backend(x).batch_norm_statistics(x, mean, variance);
        backend(x).batch_norm(x, {mean, variance, ones, zero, 1e-3}, y);
        return autograd::differentiable("wrong batch norm", {x}, y, [=](const Tensor& dy, Gradients& dx) {
            const std::vector<double> d = numbers(dy), xhat = numbers(y), v = numbers(variance);
            std::vector<double> result(d.size());
            for (std::int64_t c = 0; c < channels; ++c) {
                double sum = 0, sum_xhat = 0;
                for (std::int64_t m = 0; m < rows; ++m) {
                    const auto i = static_cast<std::size_t>(m * channels + c);
                    sum += d[i];
                    sum_xhat += d[i] * xhat[i];
                }
                for (std::int64_t m = 0; m < rows; ++m) {
                    const auto i = static_cast<std::size_t>(m * channels + c);
                    const double term = mean_term * sum + xhat_term * xhat[i] * sum_xhat;
                    result[i] =
                        (d[i] - term / static_cast<double>(rows)) / std::sqrt(v[static_cast<std::size_t>(c)] + 1e-3);
                }
            }
            dx.give(0, from_values(dy.shape(), result, device));
        });
    };
}

TEST(WrongFormulas, BatchNormWithoutItsMeanOrXhatTerm) {
    EXPECT_TRUE(passes(normalize(1, 1), {{8, 3}}));  // the control's control
    EXPECT_FALSE(passes(normalize(0, 1), {{8, 3}}));
    EXPECT_FALSE(passes(normalize(1, 0), {{8, 3}}));
    EXPECT_FALSE(passes(normalize(0, 0), {{8, 3}}));
    EXPECT_FALSE(passes(normalize(1, 8. / 7), {{8, 3}})) << "M - 1 instead of M";
}

// Why the cotangent is random: with a cotangent of ones (that is what the sum below makes of any cotangent) sum dy xhat
// is zero, and the missing term goes unseen. The square is there to show that the loss is not constant for another
// reason.
TEST(WrongFormulas, ACotangentOfOnesDoesNotSeeTheMissingXhatTerm) {
    const auto summed = [](const autograd::Function& f) -> autograd::Function {
        return [f](const Tensors& x) { return ops::add(ops::sum(f(x)), ops::sum(ops::square(x[0]))); };
    };
    EXPECT_FALSE(passes(normalize(1, 0), {{8, 3}}));
    EXPECT_TRUE(passes(summed(normalize(1, 0)), {{8, 3}}));
}

// ---- softmax --------------------------------------------------------------------------------------------------------

//   softmax: dx = y (dy - sum_term * sum dy y)        log_softmax: dx = dy - sum_term * exp(y) sum dy
autograd::Function softmax(bool logarithm, double sum_term) {
    return [=](const Tensors& inputs) {
        const Tensor& x = inputs[0];
        const Tensor y = empty_like(x);
        if (logarithm) backend(x).log_softmax(x, y);
        else backend(x).softmax(x, y);
        return autograd::differentiable("wrong softmax", {x}, y, [=](const Tensor& dy, Gradients& dx) {
            const Tensor product = logarithm ? dy : ops::mul(dy, y);
            const Tensor sum = ops::mul(ops::sum(product, {-1}, true), full({}, sum_term, DType::float64, device));
            dx.give(0, logarithm ? ops::sub(dy, ops::mul(ops::exp(y), sum)) : ops::mul(y, ops::sub(dy, sum)));
        });
    };
}

TEST(WrongFormulas, SoftmaxWithoutItsSum) {
    for (const bool logarithm : {false, true}) {
        EXPECT_TRUE(passes(softmax(logarithm, 1), {{3, 5}}));
        EXPECT_FALSE(passes(softmax(logarithm, 0), {{3, 5}}));
    }
}

// ---- others ---------------------------------------------------------------------------------------------------------

// An input whose gradient never arrives.
TEST(WrongFormulas, AForgottenInput) {
    const auto sum_of_products = [](bool forget) -> autograd::Function {
        return [forget](const Tensors& x) {
            const Tensor y = ops::mul(x[0].detach(), x[1].detach());
            return autograd::differentiable("forgetful", x, y, [=](const Tensor& dy, Gradients& dx) {
                backend(dy).elementwise(Binary::mul, dy, x[1], dx.slot(0));
                if (!forget) backend(dy).elementwise(Binary::mul, dy, x[0], dx.slot(1));
            });
        };
    };
    EXPECT_TRUE(passes(sum_of_products(false), {{4}, {4}}));
    EXPECT_FALSE(passes(sum_of_products(true), {{4}, {4}}));
}

// The gradient of a repeated operand that is not summed over its copies, but taken from one of them.
TEST(WrongFormulas, ABroadcastThatIsNotSummed) {
    const auto add_bias = [](Reduction reduction) -> autograd::Function {
        return [reduction](const Tensors& x) {
            const Tensor y = ops::add(x[0].detach(), x[1].detach());
            return autograd::differentiable("bias", x, y, [=](const Tensor& dy, Gradients& dx) {
                dx.give(0, dy);
                backend(dy).reduce(reduction, dy, dx.slot(1));
            });
        };
    };
    EXPECT_TRUE(passes(add_bias(Reduction::sum), {{4, 3}, {3}}));
    EXPECT_FALSE(passes(add_bias(Reduction::mean), {{4, 3}, {3}}));
}

// NaN is not less than any tolerance, and not greater either.
TEST(WrongFormulas, NaN) {
    EXPECT_FALSE(
        passes([](const Tensors& x) { return ops::sqrt(ops::sub(ops::square(x[0]), ops::exp(x[0]))); }, {{16}}));
}

}  // namespace
}  // namespace cairn::test
