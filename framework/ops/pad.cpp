// pad: a constant around a tensor.
//   y[before_0 + i, before_1 + j, …] = x[i, j, …], the value elsewhere      dx[i, j, …] = dy[before_0 + i, before_1 + j, …]
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::pad(const Tensor& x, const std::vector<std::array<std::int64_t, 2>>& widths, double value) {
    detail::check_movable("pad", x);
    check(static_cast<int>(widths.size()) <= x.rank(), "pad: {} pairs of widths for the {} axes of {}", widths.size(),
          x.rank(), x.shape());
    Shape shape = x.shape();
    for (std::size_t axis = 0; axis < widths.size(); ++axis) {
        const auto [before, after] = widths[axis];
        check(before >= 0 && after >= 0, "pad: the widths {} and {} at the ends of axis {} of {} must not be negative",
              before, after, axis, x.shape());
        shape = shape.with(static_cast<int>(axis), before + x.dim(static_cast<int>(axis)) + after);
    }
    Placement inside = contiguous(shape);
    for (std::size_t axis = 0; axis < widths.size(); ++axis) inside.offset += widths[axis][0] * inside.step[axis];

    const Tensor y = empty_like(x, shape);
    backend(x).fill(y, value);
    backend(x).copy_strided({x.shape(), contiguous(x.shape()), inside}, x, y);
    return autograd::differentiable("pad", {x}, y,
                                    [inside, from = x.shape()](const Tensor& dy, autograd::Gradients& dx) {
                                        detail::take_gradient(dy, inside, from, dx);
                                    });
}

}  // namespace cairn
