// max_pool2d: y[n,i,j,c] = max over a, b of x[n, i*sh - pt + a, j*sw - pl + b, c], what is outside of the image left out
//   x (N, H, W, C) -> y (N, OH, OW, C)
// NaN counts as larger than any number. The first maximum of a window, in row-major order, gets all of its gradient:
//   dx[n,u,v,c] = sum of dy[n,i,j,c] over the windows (i, j) whose first maximum is at (u, v)
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::max_pool2d(const Tensor& x, const PoolingOptions& options) {
    check_operands("max_pool2d", {x});
    const auto [window, output_h, output_w] = slide_window("max_pool2d", x.shape(), options);
    const Tensor y = empty_like(x, {x.dim(0), output_h, output_w, x.dim(3)});
    // Where in its window each maximum was found is all that backward needs: one int32 per output.
    Tensor argmax;
    if (autograd::records({x}) || autograd::choices_are_wanted()) argmax = empty(y.shape(), DType::int32, x.device());
    backend(x).max_pool2d(x, window, y, argmax);
    autograd::observe_choices(argmax);

    return autograd::differentiable("max_pool2d", {x}, y,
                                    [=, window = window](const Tensor& dy, autograd::Gradients& dx) {
                                        backend(dy).max_pool2d_backward(dy, argmax, window, dx.slot(0));
                                    });
}

}  // namespace cairn
