// Ops that are composed of kernels, on Vulkan in float32 against the reference in float64: values and gradients of their cases.
// The kernels have bounds of their own (agreement_test.cpp); this catches a call that another device tolerates.
#include "cairn/autograd/graph.h"
#include "cairn/ops/cases.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

// The value and the gradients of the floating-point inputs, for numbers that float32 holds exactly.
Tensors results(const ops::OpCase& c, const Device& device, DType dtype) {
    Tensors inputs;
    for (const Tensor& x : c.inputs(Device::reference(), DType::float32, 3))
        inputs.push_back(autograd::variable(to_device(to_dtype(x, dtype), device)));
    const Tensor y = c.apply(inputs);
    const Tensor dy = to_dtype(random_tensor(y.shape(), Device::reference(), 50), DType::float32);
    autograd::backward(y, to_device(to_dtype(dy, dtype), device));
    Tensors all{y.detach()};
    for (const Tensor& x : inputs) all.push_back(autograd::gradient(x));
    return all;
}

class VulkanOps : public ::testing::TestWithParam<std::string> {};

TEST_P(VulkanOps, AgreeWithTheReference) {
    int compared = 0;
    for (const ops::OpCase& c : ops::op_cases()) {
        if (c.op != GetParam()) continue;
        SCOPED_TRACE(c.op + " " + c.name);
        const Tensors expected = results(c, Device::reference(), DType::float64);
        const Tensors actual = results(c, Device::vulkan(), DType::float32);
        double whole = 0;
        for (std::size_t i = 1; i < expected.size(); ++i) whole = std::hypot(whole, norm(expected[i]));
        for (std::size_t i = 0; i < expected.size(); ++i)
            // By norm, as kernel_cases.h holds compositions to. A gradient is measured by all of them together, since it may be
            // what is left where terms cancel: of two numbers, layer_norm lets almost nothing through.
            EXPECT_LT(relative_error(actual[i], expected[i], i == 0 ? 0 : whole), 1e-5) << "result " << i;
        ++compared;
    }
    EXPECT_GE(compared, 10);
}

INSTANTIATE_TEST_SUITE_P(Composed, VulkanOps,
                         ::testing::Values("depthwise_conv2d", "conv2d_transpose", "average_pool2d", "layer_norm",
                                           "group_norm"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace cairn::test
