// Does the comparison of kernels see what it should? A kernel that is right on the reference and wrong on the cpu, in
// one way after another.
#include "support/kernel_agreement.h"

#include <cmath>

namespace cairn::test {
namespace {

// y = x on both devices; then `spoil` has its way with the cpu's tensors.
KernelCase copying(const Bound& bound, const std::function<void(float* x, float* y)>& spoil) {
    const Input x{{4}, {1, 2, 3, 4}};
    return {"copy", {x}, {{"y", {4}, bound}}, [=](Backend& device, const Tensors& in, const Tensors& out) {
                device.copy(in[0], out[0]);
                if (device.device() == Device::cpu()) spoil(in[0].data<float>(), out[0].data<float>());
            }};
}

std::string verdict(const KernelCase& kernel_case) {
    const ::testing::AssertionResult result =
        agrees(kernel_case, expected(kernel_case), {Device::cpu(), DType::float32, 3});
    return result ? "agrees" : result.message();
}

TEST(KernelAgreement, SeesEachKindOfMistake) {
    constexpr float half_ulp = 0x1p-24f;
    struct Case {
        const char* message;
        Bound bound;
        std::function<void(float* x, float* y)> spoil;
    };
    const std::vector<Case> cases{
        {"agrees", exact(), [](float*, float*) {}},
        {"y[2] of (4,) is 3.00000024, the reference 3", exact(), [](float*, float* y) { y[2] += 4 * half_ulp; }},
        {"agrees", roundings(2), [](float*, float* y) { y[2] += 4 * half_ulp; }},
        {"y[2] of (4,)", roundings(1), [](float*, float* y) { y[2] += 4 * half_ulp; }},
        {"agrees", sum_of(4), [](float*, float* y) { y[2] *= 1 + 14 * half_ulp; }},  // 8 sqrt(4) = 16
        {"y[2] of (4,)", sum_of(4), [](float*, float* y) { y[2] *= 1 + 18 * half_ulp; }},
        {"agrees", by_norm(), [](float*, float* y) { y[0] += 5e-5f; }},  // the norm is sqrt(30) = 5.5
        {"worst at [0]", by_norm(), [](float*, float* y) { y[0] += 6e-5f; }},
        {"worst at [3]", by_norm(), [](float*, float* y) { y[3] = NAN; }},
        {"y[3] of (4,) is nan", sum_of(4), [](float*, float* y) { y[3] = NAN; }},
        {"wrote 7 outside of y, at [-1]", exact(), [](float*, float* y) { y[-1] = 7; }},
        {"wrote 7 outside of y, at [4]", exact(), [](float*, float* y) { y[4] = 7; }},
        {"input 0 was changed at [1], from 2 to 7", exact(), [](float* x, float*) { x[1] = 7; }},
        {"input 0 was changed at [4]", exact(), [](float* x, float*) { x[4] = 7; }},
    };
    for (const Case& c : cases) {
        EXPECT_NE(verdict(copying(c.bound, c.spoil)).find(c.message), std::string::npos)
            << "expected: " << c.message << "\nbut got: " << verdict(copying(c.bound, c.spoil));
    }
}

// A kernel that adds to its output instead of overwriting it finds NaN there, and so does one that writes nothing.
TEST(KernelAgreement, OutputsStartAsNaN) {
    const KernelCase::Run add = [](Backend& device, const Tensors& in, const Tensors& out) {
        if (device.device() == Device::cpu()) device.add_scaled(1, in[0], out[0]);
        else device.copy(in[0], out[0]);
    };
    EXPECT_NE(verdict({"accumulates", {{{2}, {1, 2}}}, {{"y", {2}, exact()}}, add}).find("is nan"), std::string::npos);

    const KernelCase::Run nothing = [](Backend& device, const Tensors&, const Tensors& out) {
        if (device.device() == Device::reference()) device.fill(out[0], 3);
    };
    const Output integer{"y", {2}, exact(), {}, DType::int32};
    EXPECT_NE(verdict({"writes nothing", {}, {integer}, nothing}).find("y[0] of (2,) is -777"), std::string::npos);
}

}  // namespace
}  // namespace cairn::test
