// Batch normalization. x (..., C) is seen as M rows of C channels; mean, variance, gamma, beta (C).
//   xhat[m,c] = (x[m,c] - mean[c]) / sqrt(variance[c] + epsilon)      y[m,c] = gamma[c] xhat[m,c] + beta[c]
#include "cairn/backend/reference/reference_backend.h"

#include <cmath>

namespace cairn {

// mean[c] = sum over m of x[m,c] / M      variance[c] = sum over m of (x[m,c] - mean[c])^2 / M, in a second pass
void ReferenceBackend::batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) {
    const std::int64_t C = x.dim(-1), M = x.size() / C;
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t c = 0; c < C; ++c) {
            double sum = 0;
            for (std::int64_t m = 0; m < M; ++m) sum += x.data<T>()[m * C + c];
            const double center = sum / static_cast<double>(M);

            double squares = 0;
            for (std::int64_t m = 0; m < M; ++m) {
                const double deviation = x.data<T>()[m * C + c] - center;
                squares += deviation * deviation;
            }
            mean.data<T>()[c] = static_cast<T>(center);
            variance.data<T>()[c] = static_cast<T>(squares / static_cast<double>(M));
        }
    });
}

void ReferenceBackend::batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) {
    const Tensor &mean = normalization.mean, &variance = normalization.variance;
    const Tensor &gamma = normalization.gamma, &beta = normalization.beta;
    const double epsilon = normalization.epsilon;
    const std::int64_t C = x.dim(-1), M = x.size() / C;
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t m = 0; m < M; ++m)
            for (std::int64_t c = 0; c < C; ++c) {
                const double deviation = static_cast<double>(x.data<T>()[m * C + c]) - mean.data<T>()[c];
                const double xhat = deviation / std::sqrt(variance.data<T>()[c] + epsilon);
                y.data<T>()[m * C + c] = static_cast<T>(gamma.data<T>()[c] * xhat + beta.data<T>()[c]);
            }
    });
}

// dbeta[c] = sum over m of dy[m,c]      dgamma[c] = sum over m of dy[m,c] xhat[m,c]
//   batch:  dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * (dy[m,c] - dbeta[c] / M - xhat[m,c] dgamma[c] / M)
//   moving: dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * dy[m,c]
void ReferenceBackend::batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                                           const Tensor& dy, const NormalizationGradients& out) {
    const Tensor &mean = normalization.mean, &variance = normalization.variance, &gamma = normalization.gamma;
    const Tensor &dx = out.dx, &dgamma = out.dgamma, &dbeta = out.dbeta;
    const double epsilon = normalization.epsilon;
    const std::int64_t C = x.dim(-1), M = x.size() / C;
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t c = 0; c < C; ++c) {
            const double deviation = std::sqrt(variance.data<T>()[c] + epsilon);
            const auto xhat = [&](std::int64_t m) {
                return (static_cast<double>(x.data<T>()[m * C + c]) - mean.data<T>()[c]) / deviation;
            };

            double sum_dy = 0, sum_dy_xhat = 0;
            for (std::int64_t m = 0; m < M; ++m) {
                sum_dy += dy.data<T>()[m * C + c];
                sum_dy_xhat += dy.data<T>()[m * C + c] * xhat(m);
            }
            if (dbeta.defined()) dbeta.data<T>()[c] = static_cast<T>(sum_dy);
            if (dgamma.defined()) dgamma.data<T>()[c] = static_cast<T>(sum_dy_xhat);

            for (std::int64_t m = 0; dx.defined() && m < M; ++m) {
                double d = dy.data<T>()[m * C + c];
                if (statistics == Statistics::batch) d -= (sum_dy + xhat(m) * sum_dy_xhat) / static_cast<double>(M);
                dx.data<T>()[m * C + c] = static_cast<T>(gamma.data<T>()[c] / deviation * d);
            }
        }
    });
}

// moving[c] = momentum moving[c] + (1 - momentum) value[c]
void ReferenceBackend::moving_average(const Tensor& value, double momentum, const Tensor& moving) {
    with_float(moving.dtype(), [&]<typename T>() {
        for (std::int64_t c = 0; c < moving.size(); ++c) {
            moving.data<T>()[c] = static_cast<T>(momentum * moving.data<T>()[c] + (1 - momentum) * value.data<T>()[c]);
        }
    });
}

}  // namespace cairn
