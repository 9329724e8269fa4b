// Every kernel, on every device, against the reference in float64. See support/kernel_cases.h for the cases and the
// bounds. What it would catch: a wrong index at an odd size, a vector loop's forgotten tail, padding on the wrong side,
// a gradient that accumulates where it should overwrite, a write outside of the output, a sum in float32 that loses
// digits.
#include "support/kernel_agreement.h"

#include <algorithm>
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

// Compared as bits, since NaN does not equal itself.
bool same_bits(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (std::memcmp(a[k].data(), b[k].data(), a[k].size() * sizeof(double)) != 0) return false;
    }
    return a.size() == b.size();
}

class Agreement : public ::testing::TestWithParam<std::tuple<KernelFamily, Target>> {};

TEST_P(Agreement, WithFloat64Reference) {
    const auto& [family, target] = GetParam();
    const Prepared& p = prepared(family);
    ASSERT_FALSE(p.cases.empty());
    for (std::size_t k = 0; k < p.cases.size(); ++k) {
        if (runs_on(target, p.cases[k])) {
            EXPECT_TRUE(agrees(p.cases[k], p.references[k], target));
        }
    }
}

std::string name_of_param(const ::testing::TestParamInfo<std::tuple<KernelFamily, Target>>& info) {
    const auto& [family, target] = info.param;
    return fmt::format("{}_{}_{}_margin{}", family.name, target.device, name_of(target.dtype), target.margin);
}

// The reference's own float32 is a check of the bounds: it rounds once, so a bound that it breaks is too tight, or the
// case's inputs are ill-conditioned. A margin of 33 elements makes every tensor unaligned. One thread does all of the
// work in one piece, five share it out unevenly, whatever the machine's number of processors.
const std::vector<Target> targets{{Device::reference(), DType::float32, 33},
                                  {Device::cpu(), DType::float32, 0, 1},
                                  {Device::cpu(), DType::float32, 33, 5},
                                  {Device::cpu(), DType::float64, 0, 1},
                                  {Device::cpu(), DType::float64, 33, 5}};

INSTANTIATE_TEST_SUITE_P(Kernels, Agreement,
                         ::testing::Combine(::testing::ValuesIn(kernel_families()), ::testing::ValuesIn(targets)),
                         name_of_param);

// Each way of the cpu to compute a convolution, asked for by name, on every geometry: the same numbers as above, against the
// same references.
class ConvolutionAlgorithms : public ::testing::TestWithParam<std::tuple<ConvolutionAlgorithm, Target>> {
protected:
    void expect_agreement(const std::string& family, const KernelCases& cases) const {
        const Target& target = std::get<1>(GetParam());
        const auto& families = kernel_families();
        const auto found =
            std::find_if(families.begin(), families.end(), [&](const auto& f) { return f.name == family; });
        const std::vector<Expected>& references = prepared(*found).references;
        ASSERT_EQ(cases.size(), references.size());
        for (std::size_t k = 0; k < cases.size(); ++k) EXPECT_TRUE(agrees(cases[k], references[k], target));
    }
};

TEST_P(ConvolutionAlgorithms, AgreeWithFloat64Reference) {
    const ConvolutionAlgorithm algorithm = std::get<0>(GetParam());
    expect_agreement("conv2d", conv2d_cases(algorithm));
    expect_agreement("conv2d_max_pool2d", conv2d_max_pool2d_cases(algorithm));
}

std::string name_of_algorithm(const ::testing::TestParamInfo<std::tuple<ConvolutionAlgorithm, Target>>& info) {
    const auto& [algorithm, target] = info.param;
    const char* names[] = {"automatic", "im2col", "direct", "winograd"};
    return fmt::format("{}_{}_margin{}", names[static_cast<int>(algorithm)], name_of(target.dtype), target.margin);
}

INSTANTIATE_TEST_SUITE_P(Cpu, ConvolutionAlgorithms,
                         ::testing::Combine(::testing::Values(ConvolutionAlgorithm::im2col,
                                                              ConvolutionAlgorithm::direct,
                                                              ConvolutionAlgorithm::winograd),
                                            ::testing::Values(Target{Device::cpu(), DType::float32, 33, 5},
                                                              Target{Device::cpu(), DType::float64, 0, 1})),
                         name_of_algorithm);

// The same seed and number of threads mean the same bits, so a kernel may not depend on who of the threads is faster.
// Scratch memory that threads share by mistake shows here too.
TEST(CpuThreads, RepeatTheSameBits) {
    const Target target{Device::cpu(), DType::float32, 0, 3};
    for (const KernelFamily& family : kernel_families()) {
        for (const KernelCase& kernel_case : prepared(family).cases) {
            const std::vector<std::vector<double>> first = outputs_of(kernel_case, target);
            for (int repeat = 0; repeat < 2; ++repeat) {
                EXPECT_TRUE(same_bits(first, outputs_of(kernel_case, target))) << kernel_case.name;
            }
        }
    }
}

}  // namespace
}  // namespace cairn::test
