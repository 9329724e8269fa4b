// softmax and log_softmax, along the last axis: x (..., C) -> y (..., C), with sums over that axis
//   softmax:      y = exp(x - max x) / sum exp(x - max x)        dx = y (dy - sum dy y)
//   log_softmax:  y = x - max x - log sum exp(x - max x)         dx = dy - exp(y) sum dy
// Subtracting the maximum changes nothing but keeps exp from overflowing.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

namespace {

void check_input(const char* op, const Tensor& x) {
    ops::check_operands(op, {x});
    check(x.rank() >= 1 && x.dim(-1) >= 1, "{}: input {} needs a last axis of at least one class", op, x.shape());
    ops::check_elements(op, {x});
}

}  // namespace

Tensor ops::softmax(const Tensor& x) {
    check_input("softmax", x);
    const Tensor y = empty_like(x);
    backend(x).softmax(x, y);
    return autograd::differentiable("softmax", {x}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(y).softmax_backward(y, dy, dx.slot(0));
    });
}

Tensor ops::log_softmax(const Tensor& x) {
    check_input("log_softmax", x);
    const Tensor y = empty_like(x);
    backend(x).log_softmax(x, y);
    return autograd::differentiable("log_softmax", {x}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(y).log_softmax_backward(y, dy, dx.slot(0));
    });
}

}  // namespace cairn
