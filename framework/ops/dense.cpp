// dense: y = activation(x W + b)
//   x (B, I), W (I, O), b (O) -> y (B, O)
// With z the pre-activation and dz = dy * activation'(z):
//   dx = dz W^T      dW = x^T dz      db = sum of dz over the batch
#include "autograd/branches.h"
#include "autograd/graph.h"
#include "backend/backends.h"
#include "ops/checks.h"
#include "ops/ops.h"

namespace cairn {

Tensor ops::dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation) {
    check_operands("dense", {x, kernel, bias.defined() ? bias : kernel});
    check(x.rank() == 2, "dense: input {} must be (batch, features); put a Flatten before it", x.shape());
    check(kernel.rank() == 2, "dense: kernel {} must be (inputs, outputs)", kernel.shape());
    check(x.dim(1) == kernel.dim(0), "dense: input {} has {} features but the kernel {} expects {}", x.shape(),
          x.dim(1), kernel.shape(), kernel.dim(0));
    check(!bias.defined() || bias.shape() == Shape{kernel.dim(1)}, "dense: bias {} must be ({},), one per output",
          bias.shape(), kernel.dim(1));

    const Tensor y = empty_like(x, {x.dim(0), kernel.dim(1)});
    backend(x).dense(x, kernel, bias, activation, y);
    if (activation == Activation::relu) autograd::record_signs(y);

    // ReLU'(z) can be read off y, so z is never stored.
    return autograd::differentiable("dense", {x, kernel, bias}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(x).dense_backward(x, kernel, y, dy, activation, dx.slot(0), dx.slot(1), dx.slot(2));
    });
}

}  // namespace cairn
