// Layers that are computed in one op give the numbers that they give one by one, on Vulkan too: its fused kernels are
// compositions of others. See support/fusion_cases.h for the models.
#include "support/fusion_cases.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

class VulkanFusion : public ::testing::TestWithParam<FusionCase> {};

// The sums have at most some hundred terms in float32: their roundings stay below 1e-5 of the whole by norm.
TEST_P(VulkanFusion, GivesTheSameNumbers) {
    expect_fused_as_unfused(GetParam(), Device::vulkan(), DType::float32, 1e-5);
}

std::string name_of_param(const ::testing::TestParamInfo<FusionCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Models, VulkanFusion, ::testing::ValuesIn(fusion_cases()), name_of_param);

}  // namespace
}  // namespace cairn::test
