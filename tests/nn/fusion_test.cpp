// Layers that are computed in one op give the numbers that they give one by one. See support/fusion_cases.h for the models.
#include "support/fusion_cases.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

class Fusion : public ::testing::TestWithParam<std::tuple<FusionCase, Device>> {};

// Catches an evaluation by the batch's statistics, a moving average that moves twice or not at all, a pair that is fused
// although a third layer looks at what lies between or the second looks at something else, and a gradient that goes to
// the wrong parameter. Only the order of sums differs, thousands of roundings of 1e-16.
TEST_P(Fusion, GivesTheSameNumbers) {
    const auto& [fusion_case, device] = GetParam();
    expect_fused_as_unfused(fusion_case, device, DType::float64, 1e-12);
}

std::string name_of_param(const ::testing::TestParamInfo<std::tuple<FusionCase, Device>>& info) {
    const auto& [fusion_case, device] = info.param;
    return fmt::format("{}_{}", fusion_case.name, device);
}

INSTANTIATE_TEST_SUITE_P(Models, Fusion,
                         ::testing::Combine(::testing::ValuesIn(fusion_cases()),
                                            ::testing::Values(Device::reference(), Device::cpu())),
                         name_of_param);

}  // namespace
}  // namespace cairn::test
