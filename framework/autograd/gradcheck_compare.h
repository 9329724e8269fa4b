// How gradcheck compares what backward() says with central differences. An include of gradcheck.cpp.
#pragma once

#include "cairn/autograd/gradcheck.h"

namespace cairn::autograd::detail {

using Values = std::vector<double>;

inline constexpr const char* directions = "directions";  // the name of that part of a report

double norm(const Values& v);

// Compares the gradients of an input at these elements of it. `least`: the norm below which an error is judged by that.
GradcheckReport::Part compare(const Values& analytic, const Values& numeric, const std::vector<std::size_t>& elements,
                              double least, double tolerance);

}  // namespace cairn::autograd::detail
