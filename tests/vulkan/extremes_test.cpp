// Ops on Vulkan with inputs of size 0 and numbers that are not finite; see tests/ops/extremes_test.cpp. A dispatch of no
// workgroups and a buffer of no bytes are errors there, and a compiler of shaders may assume that there is no NaN.
#include "support/op_extremes.h"

#include <gtest/gtest.h>

#include <limits>

namespace cairn::test {
namespace {

// One case of each op, of several elements.
std::vector<ops::OpCase> one_of_each() {
    std::vector<ops::OpCase> cases;
    for (const std::string& op : ops::op_names()) {
        std::vector<ops::OpCase> all;
        for (const ops::OpCase& c : ops::op_cases())
            if (c.op == op) all.push_back(c);
        cases.push_back(all[all.size() / 2]);
    }
    return cases;
}

TEST(VulkanExtremes, SizeZeroIsRefusedWithWordsOrHarmless) {
    for (const ops::OpCase& c : one_of_each()) {
        const auto what = wrong_answer_to_size_zero(c, Device::vulkan());
        EXPECT_FALSE(what) << what.value_or("");
    }
}

// Convolutions are left out, as on the cpu.
TEST(VulkanExtremes, EveryOpAgreesWithTheReference) {
    constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (const ops::OpCase& c : one_of_each())
        for (const double value : {inf, -inf, nan, -0.0}) {
            if (c.op.starts_with("conv2d") || c.op == "depthwise_conv2d") continue;
            const auto what = disagreement_with(c, value, Device::vulkan());
            EXPECT_FALSE(what) << what.value_or("");
        }
}

}  // namespace
}  // namespace cairn::test
