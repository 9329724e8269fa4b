// dense: y = activation(x W + b), where activation is ReLU or nothing
//   x (B, I), W (I, O), b (O) -> y (B, O)
// With z the pre-activation and dz = dy * activation'(z):
//   dx = dz W^T      dW = x^T dz      db = sum of dz over the batch
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, bool relu) {
    check_operands("dense", {x, kernel, bias.defined() ? bias : kernel});
    check_elements("dense", {x, kernel});
    check(x.rank() == 2, "dense: input {} must be (batch, features); put a Flatten before it", x.shape());
    check(kernel.rank() == 2, "dense: kernel {} must be (inputs, outputs)", kernel.shape());
    check(x.dim(1) == kernel.dim(0), "dense: input {} has {} features but the kernel {} expects {}", x.shape(),
          x.dim(1), kernel.shape(), kernel.dim(0));
    check(!bias.defined() || bias.shape() == Shape{kernel.dim(1)}, "dense: bias {} must be ({},), one per output",
          bias.shape(), kernel.dim(1));

    const DenseLayer layer{x, kernel, bias, relu};
    const Tensor y = empty_like(x, {x.dim(0), kernel.dim(1)});
    backend(x).dense(layer, y);
    if (relu) autograd::observe_signs(y);

    // ReLU'(z) can be read off y, so z is never stored; without ReLU y is not needed either.
    const Tensor kept_y = relu ? y : Tensor();
    return autograd::differentiable("dense", {x, kernel, bias}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).dense_backward(layer, kept_y, dy, {dx.slot(0), dx.slot(1), dx.slot(2)});
    });
}

}  // namespace cairn
