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

// How a case calls a kernel: its name as far as the shapes, "max_pool2d with argmax" say.
std::string call_of(const KernelCase& kernel_case) {
    const std::string& name = kernel_case.name;
    return name.substr(0, name.find_first_of("(0123456789", name.find(' ')));
}

std::size_t size_of(const KernelCase& kernel_case) {
    std::size_t size = 0;
    for (const Input& input : kernel_case.inputs) size += input.values.size();
    return size;
}

// Of the cases that call a kernel in the same way, the largest, which has the most workgroups: their indices.
std::vector<std::size_t> one_of_each_call(const KernelCases& cases) {
    std::map<std::string, std::size_t> largest;
    for (std::size_t k = 0; k < cases.size(); ++k) {
        std::size_t& found = largest.emplace(call_of(cases[k]), k).first->second;
        if (size_of(cases[k]) > size_of(cases[found])) found = k;
    }
    std::vector<std::size_t> indices;
    for (const auto& [call, k] : largest) indices.push_back(k);
    return indices;
}

void expect_agreement(const Prepared& p, std::size_t k, const Target& target) {
    if (!runs_on(target, p.cases[k])) return;
    EXPECT_TRUE(agrees(p.cases[k], p.references[k], target));
}

class VulkanAgreement : public ::testing::TestWithParam<KernelFamily> {};

// Margins of 64 elements keep what a buffer's start must be aligned to, so the shader works on the tensor itself: one that
// reads or writes outside of it meets the margins.
TEST_P(VulkanAgreement, WithFloat64Reference) {
    const Prepared& p = prepared(GetParam());
    ASSERT_FALSE(p.cases.empty());
    for (std::size_t k = 0; k < p.cases.size(); ++k) expect_agreement(p, k, {Device::vulkan(), DType::float32, 64});
}

// Margins of 33 elements do not, so launch() copies every operand to scratch and those that are written back, whatever the
// shapes: catches a kernel that calls an operand read which its shader writes, or written which it updates.
TEST_P(VulkanAgreement, WhereNoBufferMayStart) {
    const Prepared& p = prepared(GetParam());
    for (const std::size_t k : one_of_each_call(p.cases))
        expect_agreement(p, k, {Device::vulkan(), DType::float32, 33});
}

// Catches an answer that depends on which workgroup comes first.
TEST_P(VulkanAgreement, TheSameBitsTwice) {
    const Target target{Device::vulkan(), DType::float32};
    const KernelCases& cases = prepared(GetParam()).cases;
    for (const std::size_t index : one_of_each_call(cases)) {
        if (!runs_on(target, cases[index])) continue;
        const std::vector<std::vector<double>> first = outputs_of(cases[index], target);
        const std::vector<std::vector<double>> second = outputs_of(cases[index], target);
        ASSERT_EQ(first.size(), second.size());
        for (std::size_t k = 0; k < first.size(); ++k)  // as bits, since NaN does not equal itself
            EXPECT_EQ(std::memcmp(first[k].data(), second[k].data(), first[k].size() * sizeof(double)), 0)
                << cases[index].name;
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, VulkanAgreement, ::testing::ValuesIn(kernel_families()),
                         [](const auto& family) { return std::string(family.param.name); });

}  // namespace
}  // namespace cairn::test
