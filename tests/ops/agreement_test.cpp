// Every op's value and gradients on cpu against the reference, in float64, over the table of cases. What it would
// catch: a fast kernel that is wrong at one shape, an op that hands a kernel other arguments than the reference would
// tolerate, a gradient that is written where it should be added.
#include "cairn/autograd/graph.h"
#include "cairn/ops/cases.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace cairn::test {
namespace {

struct Result {
    Tensor y;
    Tensors gradients;  // of the floating-point inputs
};

Result run(const ops::OpCase& c, const Device& device) {
    Tensors inputs = c.inputs(device, DType::float64, 3);
    for (Tensor& x : inputs)
        if (x.dtype() == DType::float64) x = autograd::variable(x);
    const Tensor y = c.apply(inputs);
    autograd::backward(y, random_tensor(y.shape(), device, 50));
    Result result{y.detach(), {}};
    for (const Tensor& x : inputs)
        if (x.node()) result.gradients.push_back(autograd::gradient(x));
    return result;
}

class Agreement : public ::testing::TestWithParam<std::string> {};

TEST_P(Agreement, CpuEqualsReference) {
    for (const ops::OpCase& c : ops::op_cases()) {
        if (c.op != GetParam()) continue;
        SCOPED_TRACE(c.op + " " + c.name);
        const Result expected = run(c, Device::reference()), actual = run(c, Device::cpu());
        // The devices differ in the order of their sums: by some 1e-16 times the square root of the number of terms,
        // 400 at most here, and more where terms cancel. 1e-12 leaves room for that and for nothing else.
        EXPECT_LT(relative_error(actual.y, expected.y), 1e-12);
        double whole = 0;
        for (const Tensor& g : expected.gradients) whole = std::hypot(whole, norm(g));
        ASSERT_EQ(actual.gradients.size(), expected.gradients.size());
        for (std::size_t i = 0; i < expected.gradients.size(); ++i)
            // A gradient that is zero but for rounding is measured by the whole one.
            EXPECT_LT(relative_error(actual.gradients[i], expected.gradients[i], 1e-3 * whole), 1e-12) << "input " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Ops, Agreement, ::testing::ValuesIn(ops::op_names()),
                         [](const auto& tested) { return tested.param; });

// A reshape that hands back dy under y's shape, or a sum that leaves an axis of size 1, goes unseen where the input is a
// leaf: its gradient is copied into the leaf's own shape. Below another op it would be read with the wrong shape.
TEST(Ops, CotangentsHaveTheShapeOfTheirValue) {
    for (const ops::OpCase& c : ops::op_cases()) {
        Tensors inputs = c.inputs(Device::cpu(), DType::float64, 1);
        for (Tensor& x : inputs) {
            if (x.dtype() != DType::float64) continue;
            x = autograd::differentiable("probe", {autograd::variable(x)}, x,
                                         [&c, shape = x.shape()](const Tensor& dx, autograd::Gradients&) {
                                             EXPECT_EQ(dx.shape(), shape) << c.op << " " << c.name;
                                         });
        }
        const Tensor y = c.apply(inputs);
        autograd::backward(y, random_tensor(y.shape(), Device::cpu(), 50));
    }
}

// The table is what stands between an op and three devices: no op may be missing, no two cases may bear the same name,
// and a case must fit its name: as many inputs as the op takes, all of one dtype.
TEST(Cases, CoverEveryDifferentiableOp) {
    std::map<std::string, int> count;
    std::set<std::string> names;
    for (const ops::OpCase& c : ops::op_cases()) {
        ++count[c.op];
        EXPECT_TRUE(names.insert(c.op + " " + c.name).second) << "two cases are called " << c.op << " " << c.name;
        for (const Tensor& x : c.inputs(Device::cpu(), DType::float32, 1)) EXPECT_NE(x.dtype(), DType::float64);
    }
    for (const char* op : {"add",
                           "sub",
                           "mul",
                           "div",
                           "exp",
                           "log",
                           "sqrt",
                           "square",
                           "relu",
                           "maximum",
                           "minimum",
                           "abs",
                           "pow",
                           "reciprocal",
                           "affine",
                           "sigmoid",
                           "tanh",
                           "silu",
                           "softplus",
                           "gelu",
                           "elu",
                           "leaky_relu",
                           "transpose",
                           "slice",
                           "concatenate",
                           "stack",
                           "pad",
                           "broadcast_to",
                           "gather_rows",
                           "sum",
                           "mean",
                           "max",
                           "reshape",
                           "flatten",
                           "matmul",
                           "dense",
                           "conv2d",
                           "depthwise_conv2d",
                           "conv2d_transpose",
                           "max_pool2d",
                           "average_pool2d",
                           "conv2d_max_pool2d",
                           "batch_norm_training",
                           "conv2d_batch_norm_training",
                           "batch_norm_inference",
                           "layer_norm",
                           "group_norm",
                           "dropout",
                           "softmax",
                           "log_softmax",
                           "softmax_cross_entropy",
                           "l2_penalty"})
        EXPECT_GE(count[op], 10) << op;
    EXPECT_EQ(count.size(), 52u);
    EXPECT_EQ(ops::op_names().size(), 52u) << "the cases of an op must stand together";
}

// The same seed gives the same inputs, another one others.
TEST(Cases, AreDrawnFromTheSeed) {
    for (const ops::OpCase& c : ops::op_cases()) {
        const Tensor x = c.inputs(Device::cpu(), DType::float64, 1)[0],
                     again = c.inputs(Device::cpu(), DType::float64, 1)[0];
        EXPECT_EQ(numbers(x), numbers(again)) << c.op << " " << c.name;
        if (c.op == "max" || c.op == "max_pool2d") continue;  // a shuffle of one element is always the same
        EXPECT_NE(numbers(x), numbers(c.inputs(Device::cpu(), DType::float64, 2)[0])) << c.op << " " << c.name;
    }
}

}  // namespace
}  // namespace cairn::test
