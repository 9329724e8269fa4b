// Every kernel on Vulkan against the reference in float64; see support/kernel_cases.h for the cases and the bounds. Beyond
// what the same test catches on the CPU: a range bound to the wrong place, a tensor that is not copied where a buffer cannot
// start, an element beyond the last group, a result that depends on the order in which invocations run.
#include "support/kernel_agreement.h"

#include <cstring>
#include <map>

namespace cairn::test {
namespace {

struct Prepared {
    KernelCases cases;
    std::vector<Expected> references;
};

const Prepared& prepared(const KernelFamily& family) {
    static std::map<std::string, Prepared> families;
    Prepared& found = families[family.name];
    if (found.cases.empty()) {
        found.cases = family.cases();
        for (const KernelCase& kernel_case : found.cases) found.references.push_back(expected(kernel_case));
    }
    return found;
}

class VulkanAgreement : public ::testing::TestWithParam<std::tuple<KernelFamily, std::int64_t>> {};

TEST_P(VulkanAgreement, WithFloat64Reference) {
    const auto& [family, margin] = GetParam();
    const Target target{Device::vulkan(), DType::float32, margin};
    const Prepared& p = prepared(family);
    ASSERT_FALSE(p.cases.empty());
    for (std::size_t k = 0; k < p.cases.size(); ++k) {
        if (runs_on(target, p.cases[k])) {
            EXPECT_TRUE(agrees(p.cases[k], p.references[k], target));
        }
    }
}

class VulkanRepeats : public ::testing::TestWithParam<KernelFamily> {};

// Catches an answer that depends on which invocation comes first.
TEST_P(VulkanRepeats, TheSameBits) {
    const Target target{Device::vulkan(), DType::float32};
    for (const KernelCase& kernel_case : prepared(GetParam()).cases) {
        if (!runs_on(target, kernel_case)) continue;
        const std::vector<std::vector<double>> first = outputs_of(kernel_case, target);
        const std::vector<std::vector<double>> second = outputs_of(kernel_case, target);
        ASSERT_EQ(first.size(), second.size());
        for (std::size_t k = 0; k < first.size(); ++k)  // as bits, since NaN does not equal itself
            EXPECT_EQ(std::memcmp(first[k].data(), second[k].data(), first[k].size() * sizeof(double)), 0)
                << kernel_case.name;
    }
}

std::string name_of_param(const ::testing::TestParamInfo<std::tuple<KernelFamily, std::int64_t>>& info) {
    const auto& [family, margin] = info.param;
    return fmt::format("{}_margin{}", family.name, margin);
}

// Margins of 64 elements keep what a buffer's start must be aligned to, those of 33 do not.
INSTANTIATE_TEST_SUITE_P(Kernels, VulkanAgreement,
                         ::testing::Combine(::testing::ValuesIn(kernel_families()), ::testing::Values(0, 64, 33)),
                         name_of_param);

INSTANTIATE_TEST_SUITE_P(Kernels, VulkanRepeats, ::testing::ValuesIn(kernel_families()),
                         [](const auto& family) { return std::string(family.param.name); });

}  // namespace
}  // namespace cairn::test
