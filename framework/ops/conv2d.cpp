// conv2d: y = activation(conv(x, kernel) + bias), where conv is the cross-correlation that neural networks call
// convolution. Window (i, j) sees pixel u = i*sh - pt + a*dh, v = j*sw - pl + b*dw by its element (a, b); x is 0 outside of the
// image:
//   conv[n,i,j,o] = sum over a, b, c of x[n,u,v,c] kernel[a,b,c,o]
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O) or none -> y (N, OH, OW, O)
// With z the pre-activation and dz = dy * activation'(z):
//   dx[n,u,v,c] = sum of dz[n,i,j,o] kernel[a,b,c,o] over the windows (i, j) and their elements (a, b) that see (u, v)
//   dkernel[a,b,c,o] = sum over n, i, j of x[n,u,v,c] dz[n,i,j,o]
//   dbias[o] = sum over n, i, j of dz[n,i,j,o]
// With groups, kernel (kh, kw, C / groups, O): this for each group of C / groups channels and O / groups outputs by itself.
//
// depthwise_conv2d: each channel c is a group, with M outputs c M + m. Its kernel (kh, kw, C, M) lies in memory as the kernel
// (kh, kw, 1, C M) of C groups does.
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Convolution ops::convolution_operands(const char* op, const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                      const ConvolutionOptions& options) {
    check_operands(op, {x, kernel, bias.defined() ? bias : kernel});
    check(kernel.rank() == 4, "{}: kernel {} must be (height, width, input channels, output channels)", op,
          kernel.shape());
    const auto [window, output_h, output_w] = slide_window(op, x.shape(), {kernel.dim(0), kernel.dim(1)},
                                                           options.strides, options.padding, options.dilation_rate);
    const std::int64_t groups = options.groups;
    check(groups >= 1, "{}: the number of groups must be at least 1, not {}", op, groups);
    check(x.dim(3) == groups * kernel.dim(2), "{}: input {} has {} channels but the kernel {} expects {}{}", op,
          x.shape(), x.dim(3), kernel.shape(), groups * kernel.dim(2),
          groups == 1 ? "" : fmt::format(", {} in each of {} groups", kernel.dim(2), groups));
    check(kernel.dim(3) % groups == 0, "{}: the {} output channels of the kernel {} cannot be split into {} groups", op,
          kernel.dim(3), kernel.shape(), groups);
    check(!bias.defined() || bias.shape() == Shape{kernel.dim(3)}, "{}: bias {} must be ({},), one per output channel",
          op, bias.shape(), kernel.dim(3));
    check_elements(op, {kernel});
    return {x, kernel, bias, window, {x.dim(0), output_h, output_w, kernel.dim(3)}, options.relu, options.algorithm};
}

Tensor ops::conv2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, const ConvolutionOptions& options) {
    const Convolution layer = convolution_operands("conv2d", x, kernel, bias, options);
    const Tensor y = empty_like(x, layer.output);
    backend(x).conv2d_bias_activation(layer, y);
    if (layer.relu) autograd::observe_signs(y);

    // ReLU'(z) can be read off y, so z is never stored; without ReLU y is not needed either.
    const Tensor kept_y = layer.relu ? y : Tensor();
    return autograd::differentiable("conv2d", {x, kernel, bias}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        backend(dy).conv2d_backward(layer, kept_y, dy, {dx.slot(0), dx.slot(1), dx.slot(2)});
    });
}

Tensor ops::depthwise_conv2d(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                             const ConvolutionOptions& options) {
    check_operands("depthwise_conv2d", {x, kernel});
    check_elements("depthwise_conv2d", {x, kernel});
    check(kernel.rank() == 4, "depthwise_conv2d: kernel {} must be (height, width, channels, depth multiplier)",
          kernel.shape());
    check(x.rank() == 4 && x.dim(3) == kernel.dim(2),
          "depthwise_conv2d: input {} must be (batch, height, width, {}), with as many channels as the kernel {}",
          x.shape(), kernel.dim(2), kernel.shape());
    ConvolutionOptions by_channel = options;
    by_channel.groups = kernel.dim(2);
    const Tensor of_groups = reshape(kernel, {kernel.dim(0), kernel.dim(1), 1, kernel.dim(2) * kernel.dim(3)});
    return conv2d(x, of_groups, bias, by_channel);
}

}  // namespace cairn
