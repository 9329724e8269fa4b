// conv2d_batch_norm: batch_norm_training(conv2d(x, kernel, bias)), whose backward pass keeps nothing between the two.
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O) or none -> z (N, OH, OW, O), normalized to y of the same shape
// dy becomes dz by batch_norm's formulas, and dz the other gradients by conv2d's.
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::conv2d_batch_norm_training(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                       const ConvolutionOptions& options, const BatchNorm& layer) {
    const Convolution convolution = convolution_operands("conv2d_batch_norm_training", x, kernel, bias, options);
    check_batch_norm("conv2d_batch_norm_training", x, convolution.output, layer);
    const Tensor z = empty_like(x, convolution.output), y = empty_like(z);
    backend(x).conv2d_bias_activation(convolution, z);
    if (convolution.relu) autograd::observe_signs(z);

    const auto& [gamma, beta, moving_mean, moving_variance, settings] = layer;
    const Normalization normalization{empty_like(gamma), empty_like(gamma), gamma, beta, settings.epsilon};
    backend(x).batch_norm_training(z, normalization, {moving_mean, moving_variance, settings.momentum}, y);
    return autograd::differentiable("conv2d_batch_norm_training", {x, kernel, bias, gamma, beta}, y,
                                    [=](const Tensor& dy, autograd::Gradients& dx) {
                                        backend(dy).conv2d_batch_norm_backward(convolution, z, normalization, dy,
                                                                               {dx.slot(0), dx.slot(1), dx.slot(2)},
                                                                               {Tensor(), dx.slot(3), dx.slot(4)});
                                    });
}

}  // namespace cairn
