#include "cairn/autograd/graph.h"

#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using autograd::backward;
using autograd::gradient;
using autograd::variable;

Tensor scalar(double value) { return full({}, value, DType::float64, Device::cpu()); }
Tensor vector(const std::vector<double>& values) {
    return from_values({static_cast<std::int64_t>(values.size())}, values, Device::cpu());
}
double derivative(const Tensor& leaf) { return gradient(leaf).item(); }

std::size_t in_use() { return backend(Device::cpu()).allocator().stats().in_use; }

// ---- values used more than once -------------------------------------------------------------------------------------

// A second gradient that replaces the first one instead of joining it.
TEST(Graph, AValueUsedTwiceGetsBothContributions) {
    const Tensor a = variable(scalar(3));
    backward(ops::add(a, a));
    EXPECT_EQ(derivative(a), 2);

    const Tensor b = variable(scalar(3));
    backward(ops::mul(b, b));
    EXPECT_EQ(derivative(b), 6);

    const Tensor c = variable(scalar(3)), d = variable(scalar(5));
    backward(ops::sub(ops::mul(c, d), c));
    EXPECT_EQ(derivative(c), 4);
    EXPECT_EQ(derivative(d), 3);
}

TEST(Graph, Diamond) {
    const Tensor a = variable(scalar(2));
    const Tensor left = ops::square(a), right = ops::exp(a);
    backward(ops::mul(left, right));  // (a^2 e^a)' = (a^2 + 2a) e^a
    EXPECT_DOUBLE_EQ(derivative(a), 8 * std::exp(2));
}

// c uses b, and y uses both: a walk that goes on from b before c's contribution is there loses it. Here the first-come
// order and the topological order differ in each of 20 storeys, so that a wrong walk is off by far.
TEST(Graph, AValueWaitsForAllItsUses) {
    const Tensor a = variable(scalar(1));
    Tensor y = a;
    for (int storey = 0; storey < 20; ++storey) y = ops::add(y, ops::add(y, y));  // 3 y
    backward(y);
    EXPECT_EQ(derivative(a), std::pow(3, 20));
}

// add hands one and the same dy to both inputs. If a later contribution to u were added into that memory, v would get
// it too.
TEST(Graph, SharedCotangentsAreNotWrittenTo) {
    const Tensor a = variable(vector({1, 2})), b = variable(vector({3, 4}));
    const Tensor u = ops::exp(a), v = ops::exp(b);
    const Tensor y = ops::add(ops::add(u, v), u);
    const Tensor seed = vector({1, 1});
    backward(y, seed);
    const std::vector<double> da = numbers(gradient(a)), db = numbers(gradient(b));
    for (std::size_t i = 0; i < 2; ++i) {
        const double ea = std::exp(numbers(a)[i]), eb = std::exp(numbers(b)[i]);
        EXPECT_DOUBLE_EQ(da[i], 2 * ea);
        EXPECT_DOUBLE_EQ(db[i], eb);
    }
    EXPECT_EQ(numbers(seed), (std::vector<double>{1, 1})) << "the caller's cotangent was written to";
}

// The gradient of add is dy itself, but a leaf's must be a copy: the next backward adds to it.
TEST(Graph, LeavesDoNotShareTheirGradients) {
    const Tensor a = variable(scalar(1)), b = variable(scalar(1));
    backward(ops::add(a, b));
    backward(ops::square(a));
    EXPECT_EQ(derivative(a), 3);
    EXPECT_EQ(derivative(b), 1);
}

// ---- gradients of leaves --------------------------------------------------------------------------------------------

TEST(Graph, GradientsAccumulateUntilTheyAreCleared) {
    for (const bool with_slot : {false, true}) {
        const Tensor slot = with_slot ? scalar(std::nan("")) : Tensor();
        const Tensor a = variable(scalar(3), slot);
        EXPECT_FALSE(gradient(a).defined());
        backward(ops::square(a));
        EXPECT_EQ(derivative(a), 6);
        backward(ops::add(a, a));
        EXPECT_EQ(derivative(a), 8);
        backward(a);  // the variable itself
        EXPECT_EQ(derivative(a), 9);
        autograd::clear_gradient(a);
        EXPECT_FALSE(gradient(a).defined());
        backward(ops::exp(ops::mul(a, scalar(0))));
        EXPECT_EQ(derivative(a), 0);
    }
}

// A parameter's slot holds the last step's numbers; the first gradient after clear_gradient must overwrite them, in the
// slot.
TEST(Graph, TheFirstGradientOverwritesTheSlot) {
    const Tensor slot = scalar(std::nan(""));
    const Tensor a = variable(scalar(3), slot);
    using Use = Tensor (*)(const Tensor&);
    const std::pair<Use, double> uses[] = {
        {[](const Tensor& x) { return ops::square(x); }, 6},               // written by a kernel
        {[](const Tensor& x) { return ops::reshape(x, {1}); }, 1},         // handed over
        {[](const Tensor& x) { return ops::l2_penalty(x, 1); }, 6},        // overwritten or added to by a kernel
        {[](const Tensor& x) { return ops::add(ops::square(x), x); }, 7},  // twice
        {[](const Tensor& x) { return x; }, 1},                            // the variable itself
    };
    for (const auto& [use, expected] : uses) {
        slot.upload(numbers(scalar(std::nan(""))).data());
        autograd::clear_gradient(a);
        backward(use(a));
        EXPECT_EQ(slot.item(), expected);
        EXPECT_TRUE(gradient(a).same_memory(slot));
    }
}

TEST(Graph, ConstantsGetNoGradientAndNoNode) {
    const Tensor constant = scalar(5), a = variable(scalar(2));
    EXPECT_EQ(ops::exp(constant).node(), nullptr);
    backward(ops::mul(constant, a));
    EXPECT_EQ(derivative(a), 5);
    EXPECT_EQ(error_message([&] { gradient(constant); }),
              "only a variable keeps its gradient; make the tensor one with variable()");
    EXPECT_EQ(error_message([&] { autograd::clear_gradient(ops::exp(a)); }),
              "only a variable keeps its gradient; make the tensor one with variable()");
}

TEST(Graph, NoGradLeavesNoNodes) {
    const Tensor a = variable(scalar(2));
    {
        const autograd::NoGrad outer;
        { const autograd::NoGrad inner; }
        EXPECT_EQ(ops::exp(a).node(), nullptr) << "an inner NoGrad must not end the outer one";
    }
    EXPECT_NE(ops::exp(a).node(), nullptr);
}

// ---- what backward refuses ------------------------------------------------------------------------------------------

TEST(Graph, Messages) {
    const Tensor a = variable(vector({1, 2}));
    EXPECT_EQ(error_message([] { backward(scalar(1)); }),
              "backward: the value depends on no variable, or was computed under NoGrad");
    EXPECT_EQ(error_message([&] { backward(ops::exp(a)); }),
              "backward: a value (2,) needs its cotangent; only one with a single element does not");
    EXPECT_EQ(error_message([&] { backward(ops::exp(a), scalar(1)); }),
              "backward: the cotangent () must have the value's shape (2,)");
}

// The saved tensors are gone after the first walk; a second one must say so, also when it only meets the walked part
// below another head.
TEST(Graph, WalkingTheSameGraphTwiceThrows) {
    const Tensor a = variable(scalar(1));
    const Tensor trunk = ops::exp(a), head = ops::square(trunk), other_head = ops::sqrt(trunk);
    backward(head);
    EXPECT_EQ(error_message([&] { backward(head); }),
              "backward: the graph below this value (square) was walked before; compute the value again");
    EXPECT_EQ(error_message([&] { backward(other_head); }),
              "backward: the graph below this value (exp) was walked before; compute the value again");
}

// ---- memory ---------------------------------------------------------------------------------------------------------

// A chain of a million nodes: recursion over it, in backward or when it is taken apart, overflows the stack. The op
// saves its input, as many do, so a closure leads from each node to the next as well.
TEST(Graph, AMillionNodesDoNotOverflowTheStack) {
    const Tensor one = scalar(1);
    const auto chain = [&](const Tensor& a) {
        Tensor y = a;
        for (int i = 0; i < 1'000'000; ++i)
            y = autograd::differentiable("same", {y}, one,
                                         [saved = y](const Tensor& dy, autograd::Gradients& dx) { dx.give(0, dy); });
        return y;
    };
    const Tensor a = variable(scalar(1));
    {
        const Tensor dropped = chain(a);  // taken apart here
    }
    backward(chain(a));
    EXPECT_EQ(derivative(a), 1);
}

// At the end of backward through a chain of exp, all the outputs that were saved on the way are gone.
TEST(Graph, SavedTensorsAreFreedOnTheWay) {
    const std::size_t start = in_use();
    constexpr std::int64_t n = 1 << 14;
    constexpr std::size_t unit = n * sizeof(double);
    const Tensor a = variable(full({n}, 0, DType::float64, Device::cpu()));
    std::size_t at_the_end = 0;
    Tensor y = autograd::differentiable("probe", {a}, a.detach(), [&](const Tensor& dy, autograd::Gradients& dx) {
        at_the_end = in_use();
        dx.give(0, dy);
    });
    for (int i = 0; i < 10; ++i) y = ops::mul(ops::exp(y), full({}, 0.1, DType::float64, Device::cpu()));
    Tensor loss = ops::sum(y);
    y = Tensor();
    EXPECT_GE(in_use() - start, 11 * unit);  // a and ten outputs of exp
    backward(loss);
    EXPECT_LE(at_the_end - start, 4 * unit) << "a, dy, and one or two that are just being let go";
    loss = Tensor();
    EXPECT_LE(in_use() - start, 2 * unit + 1024) << "a and its gradient";
}

// A chain of ReLUs holds one tensor per link, its output, and none twice.
TEST(Graph, AReluChainKeepsOnlyItsOutputs) {
    constexpr std::int64_t n = 1 << 14;
    constexpr std::size_t unit = n * sizeof(double);
    const Tensor a = variable(full({n}, 1, DType::float64, Device::cpu()));
    const std::size_t start = in_use();
    Tensor y = a;
    for (int i = 0; i < 10; ++i) y = ops::relu(y);
    EXPECT_EQ(in_use() - start, 10 * unit);
    y = Tensor();
    EXPECT_EQ(in_use(), start) << "dropping the last output drops the graph";
}

}  // namespace
}  // namespace cairn::test
