// Which elements a strided copy moves: one description for transposing, slicing, padding, concatenating and repeating.
#pragma once

#include "cairn/core/shape.h"

#include <array>
#include <cstdint>

namespace cairn {

// Where the elements of some shape lie in a tensor: element (i0, i1, …) at offset + i0 step[0] + i1 step[1] + …, counted
// in elements from the tensor's first. A step of 0 repeats, a negative one goes backwards.
struct Placement {
    std::int64_t offset = 0;
    std::array<std::int64_t, Shape::max_rank> step{};
};

// The placement of a tensor's own elements, one after the other: (2, 3) has the steps 3 and 1.
Placement contiguous(const Shape& shape);

// y[to(i)] = x[from(i)] for every index i of `shape`, or y[to(i)] += x[from(i)]. No two elements go to one place.
struct StridedCopy {
    Shape shape{};
    Placement from{}, to{};
    bool accumulate = false;
};

// The same copy with as few axes as tell it, for kernels: axes of size 1 are dropped, and neighbours along which both
// sides go on evenly are one.
StridedCopy merged(const StridedCopy& copy);

}  // namespace cairn
