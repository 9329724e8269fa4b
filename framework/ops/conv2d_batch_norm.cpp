// conv2d_batch_norm: batch_norm_training(conv2d(x, kernel, bias)), whose backward pass keeps nothing between the two.
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O) or none -> z (N, OH, OW, O), normalized to y of the same shape
// dy becomes dz by batch_norm's formulas, and dz the other gradients by conv2d's.
#include "autograd/branches.h"
#include "autograd/graph.h"
#include "backend/backends.h"
#include "ops/checks.h"
#include "ops/ops.h"

namespace cairn {

Tensor ops::conv2d_batch_norm_training(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                       const Conv2dOptions& options, const BatchNorm& normalization) {
    const auto [window, shape] = place_conv2d("conv2d_batch_norm", x, kernel, bias, options);
    check_batch_norm("conv2d_batch_norm", x, shape, normalization);
    const Activation activation = options.activation;
    const Tensor z = empty_like(x, shape), y = empty_like(x, shape);
    backend(x).conv2d_bias_activation(x, kernel, bias, activation, window, z);
    if (activation == Activation::relu) autograd::record_signs(z);

    const Tensor &gamma = normalization.gamma, &beta = normalization.beta;
    const Tensor mean = empty_like(gamma), variance = empty_like(gamma);
    const auto [epsilon, momentum] = normalization.options;
    backend(x).batch_norm_training(z, gamma, beta, epsilon, momentum, mean, variance, normalization.moving_mean,
                                   normalization.moving_variance, y);
    return autograd::differentiable("conv2d_batch_norm_training", {x, kernel, bias, gamma, beta}, y,
                                    [=, window = window, epsilon = epsilon](const Tensor& dy, autograd::Gradients& dx) {
                                        backend(x).conv2d_batch_norm_backward(
                                            x, kernel, z, mean, variance, gamma, epsilon, dy, activation, window,
                                            dx.slot(0), dx.slot(1), dx.slot(2), dx.slot(3), dx.slot(4));
                                    });
}

}  // namespace cairn
