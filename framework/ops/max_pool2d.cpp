// max_pool2d: y[n,i,j,c] = max over a, b of x[n, i*sh - pt + a, j*sw - pl + b, c], places outside of the image left out
//   x (N, H, W, C) -> y (N, OH, OW, C)
// The first maximum of a window, in row-major order, gets all of its gradient:
//   dx[n,u,v,c] = sum of dy[n,i,j,c] over the windows (i, j) whose first maximum is at (u, v)
#include "autograd/branches.h"
#include "autograd/graph.h"
#include "backend/backends.h"
#include "ops/checks.h"
#include "ops/ops.h"

namespace cairn {

ops::PlacedWindow ops::place_max_pool2d(const char* op, const Shape& x, const MaxPool2dOptions& options) {
    std::array<std::int64_t, 2> strides = options.strides;
    if (strides[0] == 0) strides[0] = options.pool_size[0];
    if (strides[1] == 0) strides[1] = options.pool_size[1];
    return place_window(op, x, options.pool_size, strides, options.padding);
}

Tensor ops::max_pool2d(const Tensor& x, const MaxPool2dOptions& options) {
    check_operands("max_pool2d", {x});
    const auto [window, output_h, output_w] = place_max_pool2d("max_pool2d", x.shape(), options);
    const Tensor y = empty_like(x, {x.dim(0), output_h, output_w, x.dim(3)});
    // Where each maximum was found is all that backward needs: a place inside of the window, one int32 per output.
    Tensor argmax;
    if (autograd::records({x}) || autograd::branches_are_recorded())
        argmax = empty(y.shape(), DType::int32, x.device());
    backend(x).max_pool2d(x, window, y, argmax);
    if (autograd::branches_are_recorded()) autograd::record_choices(argmax);

    return autograd::differentiable("max_pool2d", {x}, y,
                                    [=, window = window](const Tensor& dy, autograd::Gradients& dx) {
                                        backend(dy).max_pool2d_backward(dy, argmax, window, dx.slot(0));
                                    });
}

}  // namespace cairn
