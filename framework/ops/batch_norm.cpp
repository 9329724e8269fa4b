// batch_norm (Ioffe and Szegedy 2015): y = gamma xhat + beta, xhat = (x - mean) / sqrt(variance + epsilon)
//   x (..., C), seen as M rows of C channels; gamma, beta, mean, variance (C) -> y (..., C)
// Sums are over the M rows:
//   dbeta = sum dy      dgamma = sum dy xhat
//   training:  mean and variance are the batch's own, so x moves them too:
//              dx = gamma / sqrt(variance + epsilon) * (dy - dbeta / M - xhat dgamma / M)
//   inference: mean and variance are constants:
//              dx = gamma / sqrt(variance + epsilon) * dy
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <utility>

namespace cairn {

void ops::check_batch_norm(const char* op, const Tensor& x, const Shape& shape, const BatchNorm& layer) {
    const auto& [gamma, beta, moving_mean, moving_variance, options] = layer;
    check_operands(op, {x, gamma, beta, moving_mean, moving_variance});
    check(shape.rank() >= 2 && shape.size() > 0,
          "{}: input {} must be (batch, ..., channels), with at least one of each", op, shape);
    const Shape channels{shape[-1]};
    for (const auto& [name, tensor] :
         {std::pair{"gamma", &gamma}, std::pair{"beta", &beta}, std::pair{"moving mean", &moving_mean},
          std::pair{"moving variance", &moving_variance}})
        check(tensor->shape() == channels, "{}: {} {} must be {}, one per channel of the input {}", op, name,
              tensor->shape(), channels, shape);
    check(options.epsilon > 0, "{}: epsilon {} must be positive: it keeps constant channels from dividing by zero", op,
          options.epsilon);
    check(options.momentum >= 0 && options.momentum <= 1, "{}: momentum {} must lie between 0 and 1", op,
          options.momentum);
}

namespace {

// y, with its gradient. xhat is not stored: it follows from x, which the layer below keeps alive anyway.
Tensor with_gradient(const Tensor& x, const Normalization& normalization, Statistics statistics, const Tensor& y) {
    return autograd::differentiable(
        "batch_norm", {x, normalization.gamma, normalization.beta}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
            backend(x).batch_norm_backward(x, normalization, statistics, dy, {dx.slot(0), dx.slot(1), dx.slot(2)});
        });
}

}  // namespace

Tensor ops::batch_norm_training(const Tensor& x, const BatchNorm& layer) {
    check_batch_norm("batch_norm", x, x.shape(), layer);
    const auto& [gamma, beta, moving_mean, moving_variance, options] = layer;
    const Normalization normalization{empty_like(gamma), empty_like(gamma), gamma, beta, options.epsilon};
    const Tensor y = empty_like(x);
    backend(x).batch_norm_training(x, normalization, {moving_mean, moving_variance, options.momentum}, y);
    return with_gradient(x, normalization, Statistics::batch, y);
}

Tensor ops::batch_norm_inference(const Tensor& x, const BatchNorm& layer) {
    check_batch_norm("batch_norm", x, x.shape(), layer);
    const auto& [gamma, beta, moving_mean, moving_variance, options] = layer;
    const Normalization normalization{moving_mean, moving_variance, gamma, beta, options.epsilon};
    const Tensor y = empty_like(x);
    backend(x).batch_norm(x, normalization, y);
    return with_gradient(x, normalization, Statistics::moving, y);
}

}  // namespace cairn
