// What the ops of one tensor have in common.
#pragma once

#include "cairn/backend/elementwise.h"
#include "cairn/core/tensor.h"

namespace cairn::ops::detail {

// What to tell an observer about kinks: which side of 0 the branches of f are told apart by, if any.
enum class Kink { none, input, output };

// The op of this name: y = f(x), whose gradient keeps x or y as keeps_input(f.op) says.
Tensor unary(const char* name, const UnaryFunction& f, const Tensor& x, Kink kink = Kink::none);

}  // namespace cairn::ops::detail
