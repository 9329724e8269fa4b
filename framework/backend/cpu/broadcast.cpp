#include "cairn/backend/cpu/broadcast.h"

namespace cairn::cpu {

namespace {

// x's strides along the axes of y, innermost last: 0 where x is repeated.
std::array<std::int64_t, Shape::max_rank> strides_over(const Shape& x, const Shape& y) {
    std::array<std::int64_t, Shape::max_rank> strides{};
    std::int64_t stride = 1;
    for (int from_end = 1; from_end <= x.rank(); ++from_end) {
        const std::int64_t size = x[-from_end];
        strides[y.rank() - from_end] = size == 1 ? 0 : stride;
        stride *= size;
    }
    return strides;
}

}  // namespace

BroadcastAxes::BroadcastAxes(const Shape& a, const Shape& b, const Shape& y) {
    const auto a_strides = strides_over(a, y), b_strides = strides_over(b, y);
    for (int axis = 0; axis < y.rank(); ++axis) {
        if (y[axis] == 1) continue;
        const int last = rank - 1;
        const bool even =
            rank > 0 && a_stride[last] == a_strides[axis] * y[axis] && b_stride[last] == b_strides[axis] * y[axis];
        if (even) {
            size[last] *= y[axis];
        } else {
            size[rank++] = y[axis];
        }
        a_stride[rank - 1] = a_strides[axis];
        b_stride[rank - 1] = b_strides[axis];
    }
    if (rank == 0) size[rank++] = 1;
}

std::pair<std::int64_t, std::int64_t> BroadcastAxes::offsets_of_row(std::int64_t row) const {
    std::int64_t a_offset = 0, b_offset = 0;
    for (int axis = rank - 2; axis >= 0; --axis) {
        const std::int64_t index = axis > 0 ? row % size[axis] : row;
        row /= size[axis];
        a_offset += index * a_stride[axis];
        b_offset += index * b_stride[axis];
    }
    return {a_offset, b_offset};
}

}  // namespace cairn::cpu
