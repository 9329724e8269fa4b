// broadcast_to: x repeated along its axes of size 1, and along those that it lacks at the front.
//   y[i, j, …] = x[i or 0, j or 0, …]      dx = dy, summed over the repetitions
#include "cairn/ops/checks.h"
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::broadcast_to(const Tensor& x, const Shape& shape) {
    check_operands("broadcast_to", {x});
    detail::check_movable("broadcast_to", x);
    check(x.rank() <= shape.rank(), "broadcast_to: input {} has more axes than {}", x.shape(), shape);
    const Placement own = contiguous(x.shape());
    Placement from;
    for (int axis = 1; axis <= x.rank(); ++axis) {
        check(x.dim(-axis) == shape[-axis] || x.dim(-axis) == 1,
              "broadcast_to: input {} does not fill {}: counted from the end, axis {} has size {}, not {} or 1",
              x.shape(), shape, axis, x.dim(-axis), shape[-axis]);
        if (x.dim(-axis) != 1)
            from.step[static_cast<std::size_t>(shape.rank() - axis)] =
                own.step[static_cast<std::size_t>(x.rank() - axis)];
    }
    check(shape.size() > 0, "broadcast_to: the shape {} has an axis of size 0", shape);
    const Tensor y = empty_like(x, shape);
    backend(x).copy_strided({shape, from, contiguous(shape)}, x, y);
    return autograd::differentiable("broadcast_to", {x}, y, [](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).reduce(Reduction::sum, dy, dx.slot(0));
    });
}

}  // namespace cairn
