// gradcheck itself: kinks, its report, what it refuses, and that it leaves its inputs as they were.
#include "cairn/autograd/gradcheck.h"

#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using autograd::gradcheck;

const autograd::Function relu = [](const Tensors& x) { return ops::relu(x[0]); };

// Within h = 6e-6 of zero the difference quotient of relu is neither 0 nor 1. Such a point must be drawn again and
// counted, not compared and not passed over in silence.
TEST(Gradcheck, KinksAreDrawnAgainAndCounted) {
    for (const double near : {0.0, 1e-6, -5e-6}) {
        const Tensor x = from_values<double>({4}, {1, near, -2, near}, Device::cpu());
        const auto report = gradcheck(relu, {x});
        EXPECT_EQ(report.kinks, 2) << near;
        EXPECT_TRUE(report.passed());
        EXPECT_EQ(report.parts[0].compared, 4) << "no coordinate may be left out";
        EXPECT_EQ(numbers(x), (std::vector<double>{1, near, -2, near})) << "the input must be given back as it came";
    }
    EXPECT_EQ(gradcheck(relu, {from_values<double>({2}, {1e-4, -1e-4}, Device::cpu())}).kinks, 0);
}

// The same for the ties of maxima, and for the ReLU inside of a layer.
TEST(Gradcheck, TiesAreKinks) {
    const Tensor ties = from_values<double>({1, 2, 2, 1}, {3, 1, 3, 2}, Device::cpu());
    EXPECT_GE(gradcheck([](const Tensors& x) { return ops::max(x[0]); }, {ties}).kinks, 1);
    EXPECT_GE(gradcheck([](const Tensors& x) { return ops::max_pool2d(x[0]); }, {ties}).kinks, 1);
    const Tensor one = full({1, 1}, 1, DType::float64, Device::cpu()),
                 minus_one = full({1}, -1, DType::float64, Device::cpu());
    const auto dense = [](const Tensors& x) { return ops::dense(x[0], x[1], x[2], true); };
    EXPECT_GE(gradcheck(dense, {one, one, minus_one}).kinks, 1);
    const auto conv2d = [](const Tensors& x) { return ops::conv2d(x[0], x[1], x[2], {.relu = true}); };
    EXPECT_GE(gradcheck(conv2d, {one.view({1, 1, 1, 1}), one.view({1, 1, 1, 1}), minus_one}).kinks, 1);
}

// A function that has a kink wherever it is looked at: the search must end.
TEST(Gradcheck, GivesUpWhereThereIsNothingButKinks) {
    const auto f = [](const Tensors& x) {
        return ops::relu(ops::mul(x[0], full({}, 0, DType::float64, Device::cpu())));
    };
    EXPECT_TRUE(gradcheck(f, {full({1}, 1, DType::float64, Device::cpu())}).passed()) << "constant: no kink at all";
    // The side of the ReLU hangs on the ninth digit of x, so that every step changes it for about half of the elements.
    const auto jumps = [](const Tensors& x) {
        std::vector<double> values = numbers(x[0]);
        for (double& value : values) value = std::fmod(std::floor(value * 1e9), 2) - 0.5;
        const Tensor noise = from_values(x[0].shape(), values, x[0].device());
        return ops::relu(ops::add(ops::sub(x[0], x[0]), noise));
    };
    EXPECT_EQ(error_message([&] { gradcheck(jumps, {random_tensor({50}, Device::cpu(), 1)}, {.max_kinks = 10}); }),
              "gradcheck: 11 points lay on a kink; the function is not differentiable there");
}

TEST(Gradcheck, RefusesWhatItCannotCheck) {
    const Tensor labels = from_values<std::int32_t>({2}, {0, 1}, Device::cpu());
    EXPECT_EQ(error_message([&] { gradcheck([](const Tensors& x) { return x[0]; }, {labels}); }),
              "gradcheck: the function has no input that could be differentiated");
    EXPECT_EQ(error_message([] { gradcheck(relu, {}); }),
              "gradcheck: the function has no input that could be differentiated");
    EXPECT_EQ(error_message([] { gradcheck(relu, {full({2}, 1, DType::float32, Device::cpu())}); }),
              "gradcheck: input 0 is float32; central differences need float64");
    // A function that leaves the graph on the way has no gradient to check.
    EXPECT_EQ(error_message([] {
                  gradcheck([](const Tensors& x) { return ops::relu(x[0].detach()); },
                            {full({2}, 1, DType::float64, Device::cpu())});
              }),
              "backward: the value depends on no variable, or was computed under NoGrad");
}

// A sample of coordinates and a few directions, as whole models are checked. One wrong factor of 1.001 shows in both.
TEST(Gradcheck, SamplesAndDirections) {
    const auto f = [](double factor) -> autograd::Function {
        return [factor](const Tensors& x) {
            const Tensor y = ops::matmul(x[0], x[1]);
            return autograd::differentiable("scaled", {y}, y.detach(), [=](const Tensor& dy, autograd::Gradients& dx) {
                dx.give(0, ops::mul(dy, full({}, factor, DType::float64, dy.device())));
            });
        };
    };
    const Tensors inputs{random_tensor({5, 20}, Device::cpu(), 1), random_tensor({20, 3}, Device::cpu(), 2)};
    const autograd::GradcheckOptions options{.coordinates = 16, .directions = 4, .names = {"a", "b"}};
    const auto report = gradcheck(f(1), inputs, options);
    EXPECT_TRUE(report.passed()) << report.error();
    ASSERT_EQ(report.parts.size(), 3u);
    EXPECT_EQ(report.parts[0].name, "a");
    EXPECT_EQ(report.parts[1].name, "b");
    EXPECT_EQ(report.parts[2].name, "directions");
    EXPECT_EQ(report.parts[0].compared, 16);
    EXPECT_EQ(report.parts[2].compared, 4);
    for (const auto& part : gradcheck(f(1.001), inputs, options).parts)
        EXPECT_NEAR(part.error, 1e-3, 1e-5) << part.name;
}

// A model's parameter is reached by the function itself; its identity, its slot and its values must survive.
TEST(Gradcheck, AVariableKeepsItsIdentity) {
    const Tensor slot = full({3}, 0, DType::float64, Device::cpu());
    const Tensor parameter = autograd::variable(random_tensor({3}, Device::cpu(), 1), slot);
    const std::vector<double> before = numbers(parameter);
    const auto f = [&](const Tensors& x) { return ops::mul(ops::exp(parameter), x[0]); };
    EXPECT_TRUE(gradcheck(f, {random_tensor({3}, Device::cpu(), 2), parameter}).passed());
    EXPECT_EQ(numbers(parameter), before);
    EXPECT_NE(numbers(slot), (std::vector<double>{0, 0, 0})) << "the gradient belongs into the parameter's slot";
}

}  // namespace
}  // namespace cairn::test
