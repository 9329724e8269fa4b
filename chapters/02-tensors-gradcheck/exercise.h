// Chapter 2: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/core/random.h"
#include "cairn/course/exercise.h"

#include <functional>

namespace exercise {

using cairn::RandomStream;
using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

struct Pair {
    Array dx, dy;
};

// z = x + y and z = x * y, element by element, with broadcasting; and their gradients dx, dy for a given dz.
Array add(const Array& x, const Array& y);
Pair add_backward(const Array& x, const Array& y, const Array& dz);
Array mul(const Array& x, const Array& y);
Pair mul_backward(const Array& x, const Array& y, const Array& dz);

// y = the sum of x over one axis, which stays as an axis of size 1 with keepdims and goes without; and dx for a given dy.
Array sum(const Array& x, std::size_t axis, bool keepdims);
Array sum_backward(const Array& x, std::size_t axis, bool keepdims, const Array& dy);

using Function = std::function<Array(const Array&)>;

// dL/dx of L = sum of dy * f(x), by central differences with the step h, x changed in place and given back as it was.
Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h);

// |a - b| / max(|a|, |b|, 1e-12), where |a| is the square root of the sum of squares.
double relative_error(const Array& a, const Array& b);

struct Op {
    Function forward;                                           // y = f(x)
    std::function<Array(const Array&, const Array&)> backward;  // dx = backward(x, dy)
};

// Is op.backward the gradient of op.forward at x? Takes the cotangent from `random`, and leaves out coordinates on a kink.
bool gradcheck(const Op& op, const Array& x, RandomStream& random);

}  // namespace exercise
