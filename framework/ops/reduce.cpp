// sum, mean, max over some axes of x (...) -> y: the axes are dropped, or have size 1 with keep_dims.
//   y = sum x       dx = dy, repeated over the axes
//   y = mean x      dx = dy / n, with n the number of elements per mean
//   y = max x       dx = dy at the first place (row-major) where x = y, else 0
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <vector>

namespace cairn {

namespace {

// Which axes of x to reduce; no axes mean all.
std::vector<bool> marked(const char* name, const Shape& x, const std::vector<int>& axes) {
    const auto rank = static_cast<std::size_t>(x.rank());
    std::vector<bool> marks(rank, axes.empty());
    for (const int axis : axes) {
        check(axis >= -x.rank() && axis < x.rank(),
              "{}: input {} has no axis {}; axes count from 0, or from -1 at the end", name, x, axis);
        const auto counted = static_cast<std::size_t>(axis < 0 ? axis + x.rank() : axis);
        check(!marks[counted], "{}: axis {} of input {} is named twice", name, counted, x);
        marks[counted] = true;
    }
    return marks;
}

Tensor reduce(const char* name, Reduction op, const Tensor& x, const std::vector<int>& axes, bool keep_dims) {
    ops::check_operands(name, {x});
    check(op == Reduction::sum || x.size() > 0, "{}: input {} has no elements", name, x.shape());
    Shape kept, dropped;  // y's shape with the reduced axes as 1, and without them
    const std::vector<bool> marks = marked(name, x.shape(), axes);
    for (int axis = 0; axis < x.rank(); ++axis) {
        const bool reduced = marks[static_cast<std::size_t>(axis)];
        kept = kept.append(reduced ? 1 : x.dim(axis));
        if (!reduced) dropped = dropped.append(x.dim(axis));
    }

    const Tensor y = empty_like(x, kept);
    backend(x).reduce(op, x, y);
    if (op == Reduction::max && autograd::choices_are_wanted()) {
        // The gradient of ones is 1 at the chosen places and 0 elsewhere.
        const Tensor ones = full(kept, 1, x.dtype(), x.device()), chosen = empty_like(x);
        backend(x).reduce_backward(op, x, y, ones, chosen);
        autograd::observe_signs(chosen);
    }

    // Only max looks back at the values.
    const Tensor kept_x = op == Reduction::max ? x : Tensor(), kept_y = op == Reduction::max ? y : Tensor();
    const auto backward = [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).reduce_backward(op, kept_x, kept_y, dy.view(kept), dx.slot(0));
    };
    return autograd::differentiable(name, {x}, keep_dims ? y : y.view(dropped), backward);
}

}  // namespace

Tensor ops::sum(const Tensor& x, const std::vector<int>& axes, bool keep_dims) {
    return reduce("sum", Reduction::sum, x, axes, keep_dims);
}

Tensor ops::mean(const Tensor& x, const std::vector<int>& axes, bool keep_dims) {
    return reduce("mean", Reduction::mean, x, axes, keep_dims);
}

Tensor ops::max(const Tensor& x, const std::vector<int>& axes, bool keep_dims) {
    return reduce("max", Reduction::max, x, axes, keep_dims);
}

}  // namespace cairn
