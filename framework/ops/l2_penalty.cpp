// l2_penalty: loss = lambda * (sum of w^2), Keras's L2(lambda)
//   w (...) -> loss ()
//   dw = 2 lambda dloss w
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::l2_penalty(const Tensor& w, double lambda) {
    check_operands("l2_penalty", {w});
    check_elements("l2_penalty", {w});
    check(lambda >= 0, "l2_penalty: lambda {} must not be negative", lambda);
    const Tensor loss = empty_like(w, {});
    backend(w).l2_penalty(w, lambda, loss);
    return autograd::differentiable("l2_penalty", {w}, loss, [=](const Tensor& dloss, autograd::Gradients& dx) {
        // w also gets a gradient from the data loss, so the kernel adds to what is there and saves a pass over the
        // weights.
        bool accumulate = false;
        const Tensor dw = dx.slot(0, accumulate);
        backend(w).l2_penalty_backward(w, lambda, dloss, dw, accumulate);
    });
}

}  // namespace cairn
