// What gradcheck says of a wrong gradient: which input, where, both numbers, and what kind of mistake it looks like.
#include "cairn/autograd/graph.h"
#include "cairn/ops/cases.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using autograd::Gradients;
using testing::HasSubstr;
using testing::StartsWith;

const Device device = Device::reference();

// y = x gamma + beta whose gradients are made wrong by `spoil`: it gets the gradients of x, gamma and beta.
using Spoil = std::function<void(std::vector<double>& x, std::vector<double>& gamma, std::vector<double>& beta)>;
autograd::GradcheckReport check_scaling(const Spoil& spoil, autograd::GradcheckOptions options = {}) {
    const auto scaling = [=](const Tensors& t) {
        const Tensor x = t[0].detach(), gamma = t[1].detach();
        const auto y = [&] {
            const autograd::NoGrad unrecorded;
            return ops::add(ops::mul(x, gamma), t[2].detach());
        };
        return autograd::differentiable("scaling", t, y(), [=](const Tensor& dy, Gradients& dx) {
            std::vector<double> of_x = numbers(ops::mul(dy, gamma)), of_gamma = numbers(ops::sum(ops::mul(dy, x), {0})),
                                of_beta = numbers(ops::sum(dy, {0}));
            spoil(of_x, of_gamma, of_beta);
            dx.give(0, from_values(x.shape(), of_x, device));
            dx.give(1, from_values(gamma.shape(), of_gamma, device));
            dx.give(2, from_values(gamma.shape(), of_beta, device));
        });
    };
    options.names = {"x", "gamma", "beta"};
    return autograd::gradcheck(
        scaling, {random_tensor({4, 3}, device, 1), random_tensor({3}, device, 2), random_tensor({3}, device, 3)},
        options);
}

// Catches a report that names another input or another place, mixes up the two numbers, or lists what is right.
TEST(Explanation, NamesTheInputThePlaceAndBothNumbers) {
    const auto report = check_scaling([](auto& x, auto&, auto&) { x[7] += 3; });
    const auto failures = report.failures();
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_EQ(failures[0].name, "x");
    EXPECT_EQ(failures[0].index, 7);
    EXPECT_EQ(failures[0].wrong, 1);
    EXPECT_NEAR(failures[0].analytic, failures[0].numeric + 3, 1e-6);
    EXPECT_EQ(
        explain(failures[0]),
        fmt::format("x[2, 1]: backward() says {:.6g}, but the derivative is {:.6g}; 1 of 12 numbers compared are wrong",
                    failures[0].analytic, failures[0].numeric));
    EXPECT_TRUE(check_scaling([](auto&, auto&, auto&) {}).failures().empty());
}

// The mistakes that a factor betrays; one that is right but for a single number is none of them.
TEST(Explanation, TellsFactorsSignsAndGradientsThatNeverArrive) {
    const auto says = [](const Spoil& spoil) {
        const auto failures = check_scaling(spoil).failures();
        return failures.size() == 1 ? explain(failures[0]) : "";
    };
    const auto times = [](std::vector<double>& g, double factor) {
        for (double& value : g) value *= factor;
    };
    EXPECT_THAT(says([&](auto&, auto& gamma, auto&) { times(gamma, 2); }),
                HasSubstr(": everywhere 2 times the derivative"));
    EXPECT_THAT(says([&](auto&, auto& gamma, auto&) { times(gamma, 2); }), StartsWith("gamma["));
    EXPECT_THAT(says([&](auto&, auto&, auto& beta) { times(beta, 0.25); }), HasSubstr("everywhere 0.25 times"));
    EXPECT_THAT(says([&](auto& x, auto&, auto&) { times(x, -1); }), HasSubstr(": the sign is wrong"));
    EXPECT_THAT(says([&](auto&, auto&, auto& beta) { times(beta, 0); }), HasSubstr(": no gradient arrives"));
    EXPECT_THAT(says([&](auto&, auto&, auto& beta) { beta[1] = std::nan(""); }),
                StartsWith("beta[1]: backward() says nan"));
}

// A sample of the coordinates may miss what a direction sees.
TEST(Explanation, SpeaksOfDirectionsOnlyWhereNoInputShowsIt) {
    const auto spoil_one = [](auto& x, auto&, auto&) { x[11] += 1; };
    autograd::GradcheckOptions options{.coordinates = 1, .directions = 3};
    for (options.seed = 0; options.seed < 3; ++options.seed) {
        const auto failures = check_scaling(spoil_one, options).failures();
        ASSERT_EQ(failures.size(), 1u) << options.seed;
        if (failures[0].name == "directions") {
            EXPECT_THAT(explain(failures[0]), HasSubstr("numbers are wrong that were not compared one by one"));
        } else {
            EXPECT_EQ(failures[0].index, 11);
        }
    }
}

// Every op's inputs have names, as many as a case has.
TEST(Explanation, EveryOpHasNamesForItsInputs) {
    for (const ops::OpCase& c : ops::op_cases()) {
        const std::size_t inputs = c.inputs(device, DType::float64, 0).size();
        EXPECT_GE(ops::input_names(c.op).size(), inputs) << c.op << " " << c.name;
    }
    EXPECT_EQ(ops::input_names("batch_norm_training"), (std::vector<std::string>{"x", "gamma", "beta"}));
}

}  // namespace
}  // namespace cairn::test
