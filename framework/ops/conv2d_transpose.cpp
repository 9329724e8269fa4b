// conv2d_transpose: what a convolution's gradient does, as a layer of its own. Pixel (i, j) of x spreads over the window (i, j)
// of y; with u = i*sh - pt + a*dh and v = j*sw - pl + b*dw:
//   y[n,u,v,o] = bias[o] + sum of x[n,i,j,c] kernel[a,b,o,c] over c and the i, j, a, b that meet at (u, v)
//   x (N, H, W, C), kernel (kh, kw, O, C), bias (O) or none -> y (N, OH, OW, O)
// So y is the input gradient of a convolution of y with this kernel, whose output is x, and
//   dx = conv2d(dy, kernel)      dkernel = that convolution's kernel gradient, for input dy and cotangent x
//   dbias[o] = sum over n, u, v of dy[n,u,v,o]
//
// Of the sizes OH that such a convolution brings to H, with k = (kh - 1) dh + 1 (columns alike):
//   valid: (H - 1) sh + max(k, sh), or (H - 1) sh + k + output_padding
//   same:  H sh, or (H - 1) sh + k % 2 + output_padding (as in Keras)
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <algorithm>

namespace cairn {

namespace {

struct Spread {
    std::int64_t n, k, stride, padding;  // image, window with its dilation, stride, output padding (-1: default)
};

std::int64_t spread_size(const Spread& axis, ops::Padding padding) {
    const auto [n, k, stride, output_padding] = axis;
    if (padding == ops::Padding::valid)
        return (n - 1) * stride + (output_padding < 0 ? std::max(k, stride) : k + output_padding);
    return output_padding < 0 ? n * stride : (n - 1) * stride + k % 2 + output_padding;
}

}  // namespace

std::array<std::int64_t, 2> ops::transposed_size(const char* op, std::array<std::int64_t, 2> image,
                                                 std::array<std::int64_t, 2> window,
                                                 const TransposedConvolutionOptions& options) {
    const auto& [strides, padding, dilation_rate, output_padding] = options;
    std::array<std::int64_t, 2> size{};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        check(strides[axis] >= 1, "{}: the strides ({}, {}) must be at least 1", op, strides[0], strides[1]);
        check(output_padding[axis] >= -1 && output_padding[axis] < strides[axis],
              "{}: the output padding ({}, {}) must be less than the strides ({}, {}), or -1 for the default", op,
              output_padding[0], output_padding[1], strides[0], strides[1]);
        const std::int64_t reach = (window[axis] - 1) * dilation_rate[axis] + 1;
        size[axis] = spread_size({image[axis], reach, strides[axis], output_padding[axis]}, padding);
    }
    // A 'same' convolution that does not lead back to the image is none that this could be the gradient of.
    const SlidingWindow back = slide_window(op, {1, size[0], size[1], 1}, window, strides, padding, dilation_rate);
    check(back.output_h == image[0] && back.output_w == image[1],
          "{}: with output padding ({}, {}) the output would be ({}, {}), from which strides ({}, {}) do not lead back "
          "to "
          "the image ({}, {}); choose another output padding",
          op, output_padding[0], output_padding[1], size[0], size[1], strides[0], strides[1], image[0], image[1]);
    return size;
}

Tensor ops::conv2d_transpose(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                             const TransposedConvolutionOptions& options) {
    check_operands("conv2d_transpose", {x, kernel, bias.defined() ? bias : kernel});
    check(x.rank() == 4, "conv2d_transpose: input {} must be (batch, height, width, channels)", x.shape());
    check(kernel.rank() == 4, "conv2d_transpose: kernel {} must be (height, width, output channels, input channels)",
          kernel.shape());
    check(x.dim(3) == kernel.dim(3), "conv2d_transpose: input {} has {} channels but the kernel {} expects {}",
          x.shape(), x.dim(3), kernel.shape(), kernel.dim(3));
    check(!bias.defined() || bias.shape() == Shape{kernel.dim(2)},
          "conv2d_transpose: bias {} must be ({},), one per output channel", bias.shape(), kernel.dim(2));
    check_elements("conv2d_transpose", {x, kernel});
    const std::array<std::int64_t, 2> size{kernel.dim(0), kernel.dim(1)};
    const auto [output_h, output_w] = transposed_size("conv2d_transpose", {x.dim(1), x.dim(2)}, size, options);
    const Tensor y = empty_like(x, {x.dim(0), output_h, output_w, kernel.dim(2)});
    const Window window =
        slide_window("conv2d_transpose", y.shape(), size, options.strides, options.padding, options.dilation_rate)
            .window;

    backend(x).conv2d_input_gradient(x, kernel, window, y);
    if (bias.defined()) backend(x).elementwise(Binary::add, y, bias, y);
    return autograd::differentiable("conv2d_transpose", {x, kernel, bias}, y,
                                    [=](const Tensor& dy, autograd::Gradients& dx) {
                                        if (dx.wanted(0)) backend(dy).conv2d(dy, kernel, window, dx.slot(0));
                                        if (dx.wanted(1)) backend(dy).conv2d_kernel_gradient(dy, x, window, dx.slot(1));
                                        if (dx.wanted(2)) backend(dy).reduce(Reduction::sum, dy, dx.slot(2));
                                    });
}

}  // namespace cairn
