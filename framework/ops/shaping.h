// The ops that move elements without computing with them: reshape, which copies nothing, and those of one strided copy.
// They take tensors of float32, float64 and int32 (labels, which get no gradient), on any device.
#pragma once

#include "cairn/core/tensor.h"

#include <array>
#include <optional>

namespace cairn::ops {

// The same elements under another shape, without a copy; one size may be -1.                                reshape.cpp
Tensor reshape(const Tensor& x, const std::vector<std::int64_t>& shape);
Tensor flatten(const Tensor& x);  // (B, ...) -> (B, features)

// Axis k of the result is axis axes[k] of x (negative from the end); without axes their order is reversed.  transpose.cpp
Tensor transpose(const Tensor& x, const std::vector<int>& axes = {});

// The elements begin, begin + step, … before end along one axis, negative ones counted from the end, as Python's
// begin:end:step. Left out they mean all: {} is the whole axis, {.step = -1} the axis backwards.
struct Slice {
    std::optional<std::int64_t> begin{}, end{};
    std::int64_t step = 1;
};
// A slice per axis; axes without one stay whole: slice(x, {{}, {0, 5}}) is x[:, 0:5].                           slice.cpp
Tensor slice(const Tensor& x, const std::vector<Slice>& slices);

// Tensors one behind the other along an axis, in whose size alone they may differ; stack lays them along a new one.
//                                                                                                     concatenate.cpp
Tensor concatenate(const Tensors& parts, int axis = -1);
Tensor stack(const Tensors& parts, int axis = 0);

// {before, after} elements of `value` at the ends of each axis; axes without a pair stay as they are.             pad.cpp
Tensor pad(const Tensor& x, const std::vector<std::array<std::int64_t, 2>>& widths, double value = 0);

// x repeated along its axes of size 1, and along those that it lacks at the front, to fill the shape.     broadcast_to.cpp
Tensor broadcast_to(const Tensor& x, const Shape& shape);

// Row rows[k] of x for each k: x (R, ...), rows int32 (K) -> (K, ...). On a GPU, where the host does not see them, rows that
// x does not have are NaN; elsewhere they throw Error.                                                    gather_rows.cpp
Tensor gather_rows(const Tensor& x, const Tensor& rows);

}  // namespace cairn::ops
