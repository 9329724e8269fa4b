// What the ops that move elements have in common: one strided copy forward, and the same one backwards for the gradient.
#pragma once

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"

namespace cairn::ops::detail {

// Throws Error, beginning with `op`, unless x is defined, not empty and of a type whose elements can be moved.
void check_movable(const char* op, const Tensor& x);

// The axis counted from 0; throws Error, beginning with `op`, where a tensor `x` of this rank does not have it.
int counted_axis(const char* op, const Shape& x, int axis, int rank);

// y of this shape, made of the elements of x at `from`:        y[i] = x[from(i)]      dx[from(i)] = dy[i], else 0
// No element of x may be taken twice.
Tensor take(const char* op, const Tensor& x, const Shape& shape, const Placement& from);

// Puts into dx (input number `input`, of shape x) the elements of dy at `from`, all that x's elements went to.
void take_gradient(const Tensor& dy, const Placement& from, const Shape& x, autograd::Gradients& dx,
                   std::size_t input = 0);

}  // namespace cairn::ops::detail
