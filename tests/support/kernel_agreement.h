// Runs kernel cases on a device and compares with the float64 reference.
#pragma once

#include "support/kernel_cases.h"

#include <gtest/gtest.h>

namespace cairn::test {

// Where and how a case runs. Each input and output lies `margin` elements inside of a larger tensor whose other
// elements are NaN: a kernel that writes there is caught, one that lets what it reads there into its result is caught
// too, and one that relies on the alignment of whole allocations meets an unaligned tensor when the margin is odd.
struct Target {
    Device device;
    DType dtype;
    std::int64_t margin = 0;
    int threads = 0;  // 0: as many as the processor has

    std::string str() const;
};

inline std::ostream& operator<<(std::ostream& out, const Target& target) { return out << target.str(); }

// What the reference makes of a case in float64, for each output: the values and, where the bound needs them, the sums
// of absolute terms.
struct Expected {
    std::vector<std::vector<double>> values;
    std::vector<std::vector<double>> magnitudes;
};
Expected expected(const KernelCase& kernel_case);

// Does the device have all the dtypes of this case, when T is the target's?
bool runs_on(const Target& target, const KernelCase& kernel_case);

// The values of the outputs after the case has run on the target.
std::vector<std::vector<double>> outputs_of(const KernelCase& kernel_case, const Target& target);

// Runs the case on the target and compares every output, the margins, and the inputs, which must not have changed. The
// failure names the case, the target, the output, the index and the values.
::testing::AssertionResult agrees(const KernelCase& kernel_case, const Expected& reference, const Target& target);

}  // namespace cairn::test
