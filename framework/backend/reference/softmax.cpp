// softmax and log_softmax along the last axis: x (..., C) is seen as B rows.
//   softmax(x)[c] = exp(x[c]) / sum over k of exp(x[k])      log_softmax(x)[c] = log of it
#include "cairn/backend/reference/log_softmax.h"
#include "cairn/backend/reference/reference_backend.h"

#include <cmath>

namespace cairn {

void ReferenceBackend::softmax(const Tensor& x, const Tensor& y) {
    const std::int64_t C = x.dim(-1), B = x.size() / C;
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t b = 0; b < B; ++b) {
            T* out = y.data<T>() + b * C;
            for (const double value : log_softmax_row(x.data<T>() + b * C, C)) *out++ = static_cast<T>(std::exp(value));
        }
    });
}

void ReferenceBackend::log_softmax(const Tensor& x, const Tensor& y) {
    const std::int64_t C = x.dim(-1), B = x.size() / C;
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t b = 0; b < B; ++b) {
            T* out = y.data<T>() + b * C;
            for (const double value : log_softmax_row(x.data<T>() + b * C, C)) *out++ = static_cast<T>(value);
        }
    });
}

// dx[c] = y[c] (dy[c] - sum over k of dy[k] y[k])
void ReferenceBackend::softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    const std::int64_t C = y.dim(-1), B = y.size() / C;
    with_float(y.dtype(), [&]<typename T>() {
        for (std::int64_t b = 0; b < B; ++b) {
            const T *row = y.data<T>() + b * C, *drow = dy.data<T>() + b * C;
            double sum = 0;
            for (std::int64_t c = 0; c < C; ++c) sum += static_cast<double>(drow[c]) * row[c];
            for (std::int64_t c = 0; c < C; ++c) dx.data<T>()[b * C + c] = static_cast<T>(row[c] * (drow[c] - sum));
        }
    });
}

// dx[c] = dy[c] - exp(y[c]) sum over k of dy[k]
void ReferenceBackend::log_softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    const std::int64_t C = y.dim(-1), B = y.size() / C;
    with_float(y.dtype(), [&]<typename T>() {
        for (std::int64_t b = 0; b < B; ++b) {
            const T *row = y.data<T>() + b * C, *drow = dy.data<T>() + b * C;
            double sum = 0;
            for (std::int64_t c = 0; c < C; ++c) sum += drow[c];
            for (std::int64_t c = 0; c < C; ++c) {
                const double probability = std::exp(static_cast<double>(row[c]));
                dx.data<T>()[b * C + c] = static_cast<T>(drow[c] - probability * sum);
            }
        }
    });
}

}  // namespace cairn
