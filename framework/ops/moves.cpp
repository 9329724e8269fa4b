#include "cairn/ops/moves.h"

namespace cairn::ops::detail {

void check_movable(const char* op, const Tensor& x) {
    check(x.defined(), "{}: an input is an undefined Tensor", op);
    check(x.dtype() != DType::uint8, "{}: an input {} is uint8; convert image bytes with scale_pixels first", op,
          x.shape());
    check(x.size() > 0, "{}: input {} has an axis of size 0, so that there is nothing to move", op, x.shape());
}

int counted_axis(const char* op, const Shape& x, int axis, int rank) {
    check(axis >= -rank && axis < rank,
          "{}: there is no axis {} for an input {}; axes count from 0 to {}, or from -1 at "
          "the end",
          op, axis, x, rank - 1);
    return axis < 0 ? axis + rank : axis;
}

Tensor take(const char* op, const Tensor& x, const Shape& shape, const Placement& from) {
    const Tensor y = empty_like(x, shape);
    const Placement to = contiguous(shape);
    backend(x).copy_strided({shape, from, to}, x, y);
    const bool all = y.size() == x.size();
    return autograd::differentiable(op, {x}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        bool accumulate = false;
        const Tensor d = dx.slot(0, accumulate);
        if (!accumulate && !all) backend(d).fill(d, 0);
        backend(d).copy_strided({shape, to, from, accumulate}, dy, d);
    });
}

void take_gradient(const Tensor& dy, const Placement& from, const Shape& x, autograd::Gradients& dx,
                   std::size_t input) {
    bool accumulate = false;
    const Tensor d = dx.slot(input, accumulate);
    if (d.defined()) backend(d).copy_strided({x, from, contiguous(x), accumulate}, dy, d);
}

}  // namespace cairn::ops::detail
