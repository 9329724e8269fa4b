// What an op keeps alive for its backward, and that nothing is kept once the graph is gone.
#include "cairn/autograd/graph.h"
#include "cairn/ops/cases.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <functional>

namespace cairn::test {
namespace {

std::size_t in_use() { return backend(Device::cpu()).allocator().stats().in_use; }

constexpr std::int64_t side = 64;

// A variable (1, 64, 64, 1) whose memory nobody else holds.
Tensor image() { return autograd::variable(full({1, side, side, 1}, 0.5, DType::float64, Device::cpu())); }

// An op that captured one tensor too many would double the memory of training without a wrong number anywhere.
TEST(SavedTensors, OpsKeepOnlyWhatBackwardNeeds) {
    const Tensor constant = full({1, side, side, 1}, 2, DType::float64, Device::cpu());
    const std::size_t unit = in_use();  // the constant is all there is
    using Op = std::function<Tensor(const Tensor&)>;
    struct {
        const char* name;
        Op op;
        double kept;  // in tensors of the input's size
    } const rows[] = {
        {"relu: y", [](const Tensor& x) { return ops::relu(x); }, 1},
        {"exp: y", [](const Tensor& x) { return ops::exp(x); }, 1},
        {"square: x", [](const Tensor& x) { return ops::square(x); }, 1},
        {"add: nothing", [](const Tensor& x) { return ops::add(x, x); }, 0},
        {"sub: nothing", [&](const Tensor& x) { return ops::sub(constant, x); }, 0},
        {"mul by a constant: nothing more than the constant", [&](const Tensor& x) { return ops::mul(x, constant); },
         0},
        {"mul of two variables: both", [](const Tensor& x) { return ops::mul(x, image()); }, 2},
        {"div by a constant: nothing more than the constant", [&](const Tensor& x) { return ops::div(x, constant); },
         0},
        {"div by a variable: it and y", [&](const Tensor& x) { return ops::div(constant, x); }, 2},
        {"sum: nothing", [](const Tensor& x) { return ops::sum(x, {1}); }, 0},
        {"mean: nothing", [](const Tensor& x) { return ops::mean(x); }, 0},
        {"reshape: nothing",
         [](const Tensor& x) {
             return ops::reshape(x, {side, side});
         },
         0},
        {"dropout: nothing, the mask is drawn again", [](const Tensor& x) { return ops::dropout(x, 0.5, {}); }, 0},
        {"softmax: y", [](const Tensor& x) { return ops::softmax(x); }, 1},
        {"max_pool2d: an int32 for every fourth pixel", [](const Tensor& x) { return ops::max_pool2d(x); }, 0.125},
        {"conv2d without activation: x",
         [](const Tensor& x) {
             return ops::conv2d(x, full({1, 1, 1, 1}, 1, DType::float64, Device::cpu()), {});
         },
         1},
        {"conv2d with relu: x and y",
         [](const Tensor& x) {
             return ops::conv2d(x, full({1, 1, 1, 1}, 1, DType::float64, Device::cpu()), {}, {.relu = true});
         },
         2},
    };
    for (const auto& [name, op, kept] : rows) {
        // Only the node stays: the output's own tensor is dropped, as it is when the next op has read it.
        const std::shared_ptr<autograd::Node> node = op(image()).node();
        ASSERT_NE(node, nullptr);
        const double tensors = static_cast<double>(in_use() - unit) / static_cast<double>(unit);
        EXPECT_NEAR(tensors, kept, 0.01) << name;  // a kernel of one number is not nothing
    }
    EXPECT_EQ(in_use(), unit);
}

// A closure that holds its own output's node would never be freed.
TEST(SavedTensors, NoOpLeavesAReferenceCycle) {
    const std::size_t before = in_use();
    for (const bool walked : {false, true})
        for (const ops::OpCase& c : ops::op_cases()) {
            {
                Tensors inputs = c.inputs(Device::cpu(), DType::float64, 1);
                for (Tensor& x : inputs)
                    if (x.dtype() == DType::float64) x = autograd::variable(x);
                const Tensor y = c.apply(inputs);
                if (walked) autograd::backward(y, y.detach());
            }
            ASSERT_EQ(in_use(), before) << c.op << " " << c.name << (walked ? ", after backward" : "");
        }
}

// Where dx = dy, dy itself is handed on: residual connections and Flatten cost no copy in backward.
TEST(SavedTensors, EqualGradientsAreNotCopied) {
    const Tensor seed = full({2, 3}, 1, DType::float64, Device::cpu());
    const Tensor other = autograd::variable(full({3}, 1, DType::float64, Device::cpu()));
    using Op = std::function<Tensor(const Tensor&)>;
    for (const Op& op : {Op([&](const Tensor& x) { return ops::add(x, other); }),
                         Op([&](const Tensor& x) { return ops::sub(x, other); }), Op([](const Tensor& x) {
                             return ops::reshape(x, {3, 2});
                         })}) {
        bool handed_on = false;
        const Tensor x =
            autograd::differentiable("probe", {autograd::variable(seed)}, seed,
                                     [&](const Tensor& dy, autograd::Gradients&) { handed_on = dy.same_memory(seed); });
        const Tensor y = op(x);
        autograd::backward(y, seed.view(y.shape()));
        EXPECT_TRUE(handed_on);
    }
}

// Without a graph nothing at all is kept.
TEST(SavedTensors, NothingUnderNoGrad) {
    const std::size_t before = in_use();
    const autograd::NoGrad guard;
    const Tensor y = ops::max_pool2d(ops::relu(ops::exp(image())));
    EXPECT_EQ(y.node(), nullptr);
    EXPECT_EQ(in_use() - before, y.bytes());
}

}  // namespace
}  // namespace cairn::test
