// max_pool2d: y[n,i,j,c] = max over (a, b) of x[n, i*sh - pt + a, j*sw - pl + b, c]; padding is left out, and the first
// maximum in row-major order wins. argmax = a * window_w + b of the winner, from which backward finds its way.
#include "cairn/backend/reference/reference_backend.h"

#include <vector>

namespace cairn {

void ReferenceBackend::max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) {
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2), C = x.dim(3);
    const std::int64_t OH = y.dim(1), OW = y.dim(2);
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t n = 0; n < N; ++n)
            for (std::int64_t i = 0; i < OH; ++i)
                for (std::int64_t j = 0; j < OW; ++j)
                    for (std::int64_t c = 0; c < C; ++c) {
                        T best = 0;
                        std::int64_t winner = -1;
                        for (std::int64_t a = 0; a < window.window_h; ++a)
                            for (std::int64_t b = 0; b < window.window_w; ++b) {
                                const std::int64_t u = i * window.stride_h - window.pad_top + a;
                                const std::int64_t v = j * window.stride_w - window.pad_left + b;
                                if (u < 0 || u >= H || v < 0 || v >= W) continue;
                                const T value = x.data<T>()[((n * H + u) * W + v) * C + c];
                                if (winner < 0 || is_larger(value, best)) {
                                    best = value;
                                    winner = a * window.window_w + b;
                                }
                            }
                        const std::int64_t at = ((n * OH + i) * OW + j) * C + c;
                        y.data<T>()[at] = best;
                        if (argmax.defined()) argmax.data<std::int32_t>()[at] = static_cast<std::int32_t>(winner);
                    }
    });
}

// dx[n,u,v,c] = sum of dy[n,i,j,c] over the windows (i, j) whose winner stood at (u, v)
void ReferenceBackend::max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window,
                                           const Tensor& dx) {
    const std::int64_t N = dx.dim(0), H = dx.dim(1), W = dx.dim(2), C = dx.dim(3);
    const std::int64_t OH = dy.dim(1), OW = dy.dim(2);
    with_float(dx.dtype(), [&]<typename T>() {
        std::vector<double> sum(static_cast<std::size_t>(dx.size()), 0.0);
        for (std::int64_t n = 0; n < N; ++n)
            for (std::int64_t i = 0; i < OH; ++i)
                for (std::int64_t j = 0; j < OW; ++j)
                    for (std::int64_t c = 0; c < C; ++c) {
                        const std::int64_t at = ((n * OH + i) * OW + j) * C + c;
                        const std::int64_t winner = argmax.data<std::int32_t>()[at];
                        const std::int64_t u = i * window.stride_h - window.pad_top + winner / window.window_w;
                        const std::int64_t v = j * window.stride_w - window.pad_left + winner % window.window_w;
                        sum[static_cast<std::size_t>(((n * H + u) * W + v) * C + c)] += dy.data<T>()[at];
                    }
        for (std::int64_t k = 0; k < dx.size(); ++k) dx.data<T>()[k] = static_cast<T>(sum[static_cast<std::size_t>(k)]);
    });
}

}  // namespace cairn
