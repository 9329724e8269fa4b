// The gradients of every op, at every case, against central differences, and the proof that a wrong gradient would be
// found.
#include "cairn/autograd/graph.h"
#include "cairn/ops/cases.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cairn::test {
namespace {

class OpGradients : public ::testing::TestWithParam<std::string> {};

TEST_P(OpGradients, PassOnReferenceAndCpu) {
    for (const Device& device : {Device::reference(), Device::cpu()})
        for (const ops::OpCase& c : ops::op_cases()) {
            if (c.op != GetParam()) continue;
            const auto report = autograd::gradcheck(c.apply, c.inputs(device, DType::float64, 1), {.tolerance = 1e-6});
            EXPECT_TRUE(report.passed()) << c.op << " " << c.name << " on " << device.str() << ": " << report.error();
        }
}

// ---- negative controls ----------------------------------------------------------------------------------------------

enum class Sabotage { scaled, flipped, dropped };

// y = x, with a backward that spoils the cotangent: everything below it gets a wrong gradient. What is dropped is the
// element with the largest value: no mask of a relu or dropout hides that.
Tensor sabotaged(const Tensor& x, Sabotage how) {
    const std::vector<double> y = numbers(x);
    const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
    const auto largest = static_cast<std::size_t>(std::max_element(y.begin(), y.end(), smaller) - y.begin());
    return autograd::differentiable("sabotaged", {x}, x.detach(), [=](const Tensor& dy, autograd::Gradients& dx) {
        std::vector<double> values = numbers(dy);
        if (how == Sabotage::dropped) values[largest] = 0;
        else
            for (double& value : values) value *= how == Sabotage::scaled ? 1.001 : -1;
        dx.give(0, from_values(dy.shape(), values, dy.device()));
    });
}

// The gradients of all inputs, one after the other, for a fixed cotangent.
std::vector<double> gradients(const autograd::Function& f, const Tensors& inputs) {
    Tensors variables = inputs;
    for (Tensor& x : variables)
        if (x.dtype() == DType::float64) x = autograd::variable(x);
    const Tensor y = f(variables);
    autograd::backward(y, random_tensor(y.shape(), y.device(), 60));
    std::vector<double> all;
    for (const Tensor& x : variables)
        if (x.node())
            for (const double g : numbers(autograd::gradient(x))) all.push_back(g);
    return all;
}

// A check that cannot fail proves nothing. Each case of each op is spoiled in three ways, and every one must be found;
// only where the gradient does not change at all, since it is zero, there is nothing to find.
TEST_P(OpGradients, EverySabotageIsFound) {
    for (const Sabotage how : {Sabotage::scaled, Sabotage::flipped, Sabotage::dropped}) {
        int found = 0;
        for (const ops::OpCase& c : ops::op_cases()) {
            if (c.op != GetParam()) continue;
            const Tensors inputs = c.inputs(Device::cpu(), DType::float64, 1);
            const autograd::Function wrong = [&](const Tensors& x) { return sabotaged(c.apply(x), how); };
            if (gradients(c.apply, inputs) == gradients(wrong, inputs)) continue;
            const auto report = autograd::gradcheck(wrong, inputs);
            EXPECT_FALSE(report.passed()) << c.op << " " << c.name << ", sabotage " << static_cast<int>(how);
            ++found;
        }
        EXPECT_GE(found, 7) << "too few cases whose gradient can be spoiled";
    }
}

INSTANTIATE_TEST_SUITE_P(Ops, OpGradients, ::testing::ValuesIn(ops::op_names()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace cairn::test
