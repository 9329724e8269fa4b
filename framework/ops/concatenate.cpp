// concatenate: tensors one behind the other along an axis. stack: along a new axis, which they get by a reshape.
//   y[…, o_k + i, …] = x_k[…, i, …] with o_k = the sizes before x_k      dx_k[…, i, …] = dy[…, o_k + i, …]
#include "cairn/ops/moves.h"
#include "cairn/ops/ops.h"

namespace cairn {

namespace {

// The sizes of the parts must agree in all axes but one; the result has the sum of them there.
Shape joined(const Tensors& parts, int axis) {
    Shape shape = parts.front().shape().with(axis, 0);
    for (const Tensor& x : parts) {
        ops::detail::check_movable("concatenate", x);
        check(x.rank() == shape.rank() && x.shape().with(axis, 0) == shape.with(axis, 0),
              "concatenate: inputs {} and {} differ in more than axis {}", parts.front().shape(), x.shape(), axis);
        check(x.dtype() == parts.front().dtype() && x.device() == parts.front().device(),
              "concatenate: an input of {} on {} and one of {} on {} must be of one kind; bring one to the other with "
              "to_dtype or to_device",
              name_of(parts.front().dtype()), parts.front().device(), name_of(x.dtype()), x.device());
        shape = shape.with(axis, shape[axis] + x.dim(axis));
    }
    return shape;
}

}  // namespace

Tensor ops::concatenate(const Tensors& parts, int axis) {
    check(!parts.empty(), "concatenate: there is nothing to put together");
    detail::check_movable("concatenate", parts.front());
    const Shape& first = parts.front().shape();
    const int along = detail::counted_axis("concatenate", first, axis, first.rank());
    const Tensor y = empty_like(parts.front(), joined(parts, along));

    std::vector<Placement> places;
    std::vector<Shape> shapes;
    Placement place = contiguous(y.shape());
    for (const Tensor& x : parts) {
        backend(x).copy_strided({x.shape(), contiguous(x.shape()), place}, x, y);
        places.push_back(place);
        shapes.push_back(x.shape());
        place.offset += x.dim(along) * place.step[static_cast<std::size_t>(along)];
    }
    return autograd::differentiable("concatenate", parts, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        for (std::size_t k = 0; k < places.size(); ++k) detail::take_gradient(dy, places[k], shapes[k], dx, k);
    });
}

Tensor ops::stack(const Tensors& parts, int axis) {
    check(!parts.empty(), "stack: there is nothing to put together");
    detail::check_movable("stack", parts.front());
    const Shape& first = parts.front().shape();
    const int along = detail::counted_axis("stack", first, axis, first.rank() + 1);
    Tensors layers;
    for (const Tensor& x : parts) {
        detail::check_movable("stack", x);
        check(x.shape() == first, "stack: inputs {} and {} differ", first, x.shape());
        std::vector<std::int64_t> sizes(first.begin(), first.end());
        sizes.insert(sizes.begin() + along, 1);
        layers.push_back(reshape(x, sizes));
    }
    return concatenate(layers, along);
}

}  // namespace cairn
