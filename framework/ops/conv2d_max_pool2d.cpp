// conv2d_max_pool2d: max_pool2d(conv2d(x, kernel, bias)), without keeping what lies between the two.
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O) or none -> (N, CH, CW, O), pooled to y (N, OH, OW, O)
// dy goes back to the pixel where its maximum was, which the argmax tells; ReLU lets it pass where the maximum is
// positive, which y tells (a NaN passes forward, and no gradient goes back to it). From there on the gradients are conv2d's.
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                              const ConvolutionOptions& options, const PoolingOptions& pooling) {
    const Convolution layer = convolution_operands("conv2d_max_pool2d", x, kernel, bias, options);
    const auto [window, output_h, output_w] = slide_window("conv2d_max_pool2d", layer.output, pooling);
    const Tensor y = empty_like(x, {x.dim(0), output_h, output_w, kernel.dim(3)});
    Tensor argmax;
    if (autograd::records({x, kernel, bias}) || autograd::choices_are_wanted())
        argmax = empty(y.shape(), DType::int32, x.device());
    const Pooling pooled{window, y, argmax};
    backend(x).conv2d_max_pool2d(layer, pooled);
    if (layer.relu) autograd::observe_signs(y);
    autograd::observe_choices(argmax);

    return autograd::differentiable(
        "conv2d_max_pool2d", {x, kernel, bias}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
            backend(dy).conv2d_max_pool2d_backward(layer, pooled, dy, {dx.slot(0), dx.slot(1), dx.slot(2)});
        });
}

}  // namespace cairn
