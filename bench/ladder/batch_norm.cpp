#include "cairn/backend/devices.h"
#include "ladder/rungs.h"

namespace cairn::bench {

namespace {

Tensor full_like(const Tensor& x, double value) { return full(x.shape(), value, x.dtype(), x.device()); }

// 1 / sqrt(variance + epsilon), (C)
Tensor inverse_deviation(const Tensor& variance, double epsilon) {
    Backend& device = backend(variance);
    const Tensor result = full_like(variance, epsilon);
    device.elementwise(Binary::add, variance, result, result);
    device.elementwise(Unary::sqrt, result, result);
    device.elementwise(Binary::div, full_like(variance, 1), result, result);
    return result;
}

}  // namespace

void batch_norm_by_passes(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon, const Tensor& y) {
    Backend& device = backend(x);
    const Tensor mean = empty_like(gamma), variance = empty_like(gamma), centred = empty_like(x);
    device.reduce(Reduction::mean, x, mean);
    device.elementwise(Binary::sub, x, mean, centred);
    device.elementwise(Unary::square, centred, y);
    device.reduce(Reduction::mean, y, variance);
    device.elementwise(Binary::mul, centred, inverse_deviation(variance, epsilon), y);
    device.elementwise(Binary::mul, y, gamma, y);
    device.elementwise(Binary::add, y, beta, y);
}

void batch_norm_backward_by_passes(const Tensor& x, const Normalization& normalization, const Tensor& dy,
                                   const Tensor& dx) {
    const auto& [mean, variance, gamma, beta, epsilon] = normalization;
    Backend& device = backend(x);
    const Tensor inverse = inverse_deviation(variance, epsilon), xhat = empty_like(x), product = empty_like(x);
    device.elementwise(Binary::sub, x, mean, xhat);
    device.elementwise(Binary::mul, xhat, inverse, xhat);
    device.elementwise(Binary::mul, dy, xhat, product);
    const Tensor mean_dy = empty_like(gamma), mean_product = empty_like(gamma);
    device.reduce(Reduction::mean, dy, mean_dy);            // dbeta / M
    device.reduce(Reduction::mean, product, mean_product);  // dgamma / M
    device.elementwise(Binary::mul, xhat, mean_product, product);
    device.elementwise(Binary::sub, dy, mean_dy, dx);
    device.elementwise(Binary::sub, dx, product, dx);
    device.elementwise(Binary::mul, dx, gamma, dx);
    device.elementwise(Binary::mul, dx, inverse, dx);
}

}  // namespace cairn::bench
