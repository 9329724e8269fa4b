// slice: some elements along each axis.
//   y[i, j, …] = x[begin_0 + i step_0, begin_1 + j step_1, …]      dx is dy at the places that were taken, else 0
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

namespace cairn {

namespace {

struct Range {
    std::int64_t begin, count;
};

// The elements of an axis of `size` that a slice names. As in Python, going backwards begins at the last by default.
Range resolved(const Shape& x, int axis, const ops::Slice& slice) {
    const std::int64_t size = x[axis], step = slice.step;
    check(step != 0, "slice: the step along axis {} of {} is 0", axis, x);
    // Neither may lie outside of the axis: what Python would cut off is mostly a mistake.
    const auto counted = [&](const char* what, std::int64_t i, std::int64_t least, std::int64_t most) {
        const std::int64_t from_front = i < 0 ? i + size : i;
        check(from_front >= least && from_front <= most, "slice: the {} {} lies outside of axis {} of {}", what, i,
              axis, x);
        return from_front;
    };
    const std::int64_t begin = slice.begin ? counted("begin", *slice.begin, 0, size - 1) : step > 0 ? 0 : size - 1;
    const std::int64_t end = slice.end ? counted("end", *slice.end, 0, size) : step > 0 ? size : -1;
    const std::int64_t count = step > 0 ? (end - begin + step - 1) / step : (begin - end - step - 1) / -step;
    check(count > 0, "slice: nothing lies between {} and {} by steps of {} along axis {} of {}", begin, end, step, axis,
          x);
    return {begin, count};
}

}  // namespace

Tensor ops::slice(const Tensor& x, const std::vector<Slice>& slices) {
    detail::check_movable("slice", x);
    check(static_cast<int>(slices.size()) <= x.rank(), "slice: {} slices for the {} axes of {}", slices.size(),
          x.rank(), x.shape());
    Placement from = contiguous(x.shape());
    Shape shape = x.shape();
    for (std::size_t axis = 0; axis < slices.size(); ++axis) {
        const auto [begin, count] = resolved(x.shape(), static_cast<int>(axis), slices[axis]);
        shape = shape.with(static_cast<int>(axis), count);
        from.offset += begin * from.step[axis];
        from.step[axis] *= slices[axis].step;
    }
    return detail::take("slice", x, shape, from);
}

}  // namespace cairn
