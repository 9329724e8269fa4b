// conv2d_max_pool2d: max_pool2d(conv2d(x, kernel, bias)), without keeping what lies between the two.
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O) or none -> (N, CH, CW, O), pooled to y (N, OH, OW, O)
// dy goes back to the pixel where its maximum was, which the argmax tells; ReLU lets it pass where the maximum is
// positive, which y tells. From there on the gradients are conv2d's.
#include "autograd/branches.h"
#include "autograd/graph.h"
#include "backend/backends.h"
#include "ops/checks.h"
#include "ops/ops.h"

namespace cairn {

Tensor ops::conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, const Conv2dOptions& options,
                              const MaxPool2dOptions& pooling) {
    const auto [window, convolved] = place_conv2d("conv2d_max_pool2d", x, kernel, bias, options);
    const auto [pool, output_h, output_w] = place_max_pool2d("conv2d_max_pool2d", convolved, pooling);

    const Activation activation = options.activation;
    const Tensor y = empty_like(x, {x.dim(0), output_h, output_w, kernel.dim(3)});
    Tensor argmax;
    if (autograd::records({x, kernel, bias}) || autograd::branches_are_recorded())
        argmax = empty(y.shape(), DType::int32, x.device());
    backend(x).conv2d_max_pool2d(x, kernel, bias, activation, window, convolved, pool, y, argmax);
    if (activation == Activation::relu) autograd::record_signs(y);
    if (autograd::branches_are_recorded()) autograd::record_choices(argmax);

    return autograd::differentiable(
        "conv2d_max_pool2d", {x, kernel, bias}, y,
        [=, window = window, convolved = convolved, pool = pool](const Tensor& dy, autograd::Gradients& dx) {
            backend(x).conv2d_max_pool2d_backward(x, kernel, y, argmax, dy, activation, window, convolved, pool,
                                                  dx.slot(0), dx.slot(1), dx.slot(2));
        });
}

}  // namespace cairn
