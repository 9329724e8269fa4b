// transpose: the axes in another order.
//   y[i_axes[0], i_axes[1], …] = x[i_0, i_1, …]      dx is dy with its axes put back
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

#include <algorithm>

namespace cairn {

Tensor ops::transpose(const Tensor& x, const std::vector<int>& axes) {
    detail::check_movable("transpose", x);
    const int rank = x.rank();
    check(axes.empty() || static_cast<int>(axes.size()) == rank,
          "transpose: the axes [{}] must name each of the {} axes of {} once", fmt::join(axes, ", "), rank, x.shape());

    const Placement own = contiguous(x.shape());
    Placement from;
    Shape shape;
    std::vector<int> order;
    for (int k = 0; k < rank; ++k) {
        const int axis = axes.empty()
                             ? rank - 1 - k
                             : detail::counted_axis("transpose", x.shape(), axes[static_cast<std::size_t>(k)], rank);
        check(std::ranges::count(order, axis) == 0, "transpose: the axes [{}] name axis {} of {} twice",
              fmt::join(axes, ", "), axis, x.shape());
        order.push_back(axis);
        shape = shape.append(x.dim(axis));
        from.step[static_cast<std::size_t>(k)] = own.step[static_cast<std::size_t>(axis)];
    }
    return detail::take("transpose", x, shape, from);
}

}  // namespace cairn
