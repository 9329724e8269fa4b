// What the properties of kernels draw: shapes, windows and where a kernel runs. RapidCheck shrinks what fails to the smallest
// numbers that still fail, and prints them by the names that stand here.
#pragma once

#include "support/cases_of.h"
#include "support/convolutions.h"
#include "support/kernel_agreement.h"

#include <rapidcheck.h>

namespace cairn::test {

inline std::int64_t drawn(const char* name, std::int64_t low, std::int64_t high) {
    return (*rc::gen::inRange(low, high + 1).as(name));
}

// A size that is small, or at the edge of a vector or a workgroup.
std::int64_t drawn_size(const char* name, std::int64_t limit);

Shape drawn_shape(const char* name, int least_rank, int most_rank, std::int64_t most_elements);

// A convolution of any window, padding, dilation and number of groups that gives at least one output.
Convolved drawn_convolution();

// The numbers that fill the tensors of a case.
Draw drawn_values();

// Runs all of the cases on the device, each with a drawn dtype, margin and number of threads. Fails the property with the first
// case that does not agree with the reference.
void expect_agreement(const KernelCases& cases, const Device& device);

}  // namespace cairn::test
