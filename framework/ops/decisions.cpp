// Ops without a gradient: what a classifier decides, and how pixels become numbers.
//   argmax:         y[...] = index of the first maximum of x[..., :]
//   count_correct:  the number of rows whose argmax is the label
//   scale_pixels:   y = image / 255
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::argmax(const Tensor& x) {
    check_operands("argmax", {x});
    check(x.rank() >= 1 && x.dim(-1) >= 1, "argmax: input {} needs a last axis of at least one element", x.shape());
    Shape shape;
    for (int axis = 0; axis < x.rank() - 1; ++axis) shape = shape.append(x.dim(axis));
    const Tensor y = empty(shape, DType::int32, x.device());
    backend(x).argmax(x, y);
    return y;
}

Tensor ops::count_correct(const Tensor& logits, const Tensor& labels) {
    check_labels("count_correct", logits, labels);
    const Tensor count = empty_like(logits, {});
    backend(logits).count_correct(logits, labels, count);
    return count;
}

Tensor ops::scale_pixels(const Tensor& images, DType dtype) {
    check(images.defined() && images.dtype() == DType::uint8, "scale_pixels: the images must be uint8, not {}",
          images.defined() ? name_of(images.dtype()) : "an undefined Tensor");
    check(dtype == DType::float32 || dtype == DType::float64,
          "scale_pixels: the result must be float32 or float64, not {}", name_of(dtype));
    const Tensor y = empty(images.shape(), dtype, images.device());
    backend(images).convert(images, 255, y);
    return y;
}

}  // namespace cairn
