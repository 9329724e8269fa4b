// conv2d and its two gradients. x (N, H, W, C), kernel (kh, kw, C / G, O), y (N, OH, OW, O). Output (i, j) and kernel
// element (a, b) meet at pixel
//   u = i * sh - pt + a * dh,  v = j * sw - pl + b * dw
// where x is 0 outside of the image, so such pairs are left out; output o and kernel channel c meet at channel
//   k = o / (O / G) * C / G + c
// All three kernels walk over the same pairs; they differ in which of x, kernel and y is the sum.
#include "cairn/backend/reference/reference_backend.h"

#include <vector>

namespace cairn {

// y[n,i,j,o] = sum over a, b, c of x[n,u,v,k] kernel[a,b,c,o]
void ReferenceBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2), C = x.dim(3);
    const std::int64_t OH = y.dim(1), OW = y.dim(2), O = y.dim(3);
    const std::int64_t CG = kernel.dim(2), OG = O / (C / CG);  // channels and outputs of a group
    with_float(x.dtype(), [&]<typename T>() {
        const T *X = x.data<T>(), *K = kernel.data<T>();
        T* Y = y.data<T>();
        for (std::int64_t n = 0; n < N; ++n)
            for (std::int64_t i = 0; i < OH; ++i)
                for (std::int64_t j = 0; j < OW; ++j)
                    for (std::int64_t o = 0; o < O; ++o) {
                        double sum = 0;
                        for (std::int64_t a = 0; a < window.window_h; ++a)
                            for (std::int64_t b = 0; b < window.window_w; ++b) {
                                const std::int64_t u = i * window.stride_h - window.pad_top + a * window.dilation_h;
                                const std::int64_t v = j * window.stride_w - window.pad_left + b * window.dilation_w;
                                if (u < 0 || u >= H || v < 0 || v >= W) continue;
                                for (std::int64_t c = 0; c < CG; ++c) {
                                    const double value = X[((n * H + u) * W + v) * C + o / OG * CG + c];
                                    sum += value * K[((a * window.window_w + b) * CG + c) * O + o];
                                }
                            }
                        Y[((n * OH + i) * OW + j) * O + o] = static_cast<T>(sum);
                    }
    });
}

// dx[n,u,v,k] = sum of dy[n,i,j,o] kernel[a,b,c,o] over all i, j, a, b, c, o that meet at (u, v) and k
void ReferenceBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window,
                                             const Tensor& dx) {
    const std::int64_t N = dx.dim(0), H = dx.dim(1), W = dx.dim(2), C = dx.dim(3);
    const std::int64_t OH = dy.dim(1), OW = dy.dim(2), O = dy.dim(3);
    const std::int64_t CG = kernel.dim(2), OG = O / (C / CG);
    with_float(dx.dtype(), [&]<typename T>() {
        const T *DY = dy.data<T>(), *K = kernel.data<T>();
        std::vector<double> sum(static_cast<std::size_t>(dx.size()), 0.0);
        for (std::int64_t n = 0; n < N; ++n)
            for (std::int64_t i = 0; i < OH; ++i)
                for (std::int64_t j = 0; j < OW; ++j)
                    for (std::int64_t a = 0; a < window.window_h; ++a)
                        for (std::int64_t b = 0; b < window.window_w; ++b) {
                            const std::int64_t u = i * window.stride_h - window.pad_top + a * window.dilation_h;
                            const std::int64_t v = j * window.stride_w - window.pad_left + b * window.dilation_w;
                            if (u < 0 || u >= H || v < 0 || v >= W) continue;
                            for (std::int64_t c = 0; c < CG; ++c)
                                for (std::int64_t o = 0; o < O; ++o) {
                                    const std::int64_t k = o / OG * CG + c;
                                    const double d = DY[((n * OH + i) * OW + j) * O + o];
                                    sum[static_cast<std::size_t>(((n * H + u) * W + v) * C + k)] +=
                                        d * K[((a * window.window_w + b) * CG + c) * O + o];
                                }
                        }
        for (std::int64_t k = 0; k < dx.size(); ++k) dx.data<T>()[k] = static_cast<T>(sum[static_cast<std::size_t>(k)]);
    });
}

// dkernel[a,b,c,o] = sum over n, i, j of x[n,u,v,k] dy[n,i,j,o]
void ReferenceBackend::conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                              const Tensor& dkernel) {
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2), C = x.dim(3);
    const std::int64_t OH = dy.dim(1), OW = dy.dim(2), O = dy.dim(3);
    const std::int64_t CG = dkernel.dim(2), OG = O / (C / CG);
    with_float(x.dtype(), [&]<typename T>() {
        const T *X = x.data<T>(), *DY = dy.data<T>();
        T* DK = dkernel.data<T>();
        for (std::int64_t a = 0; a < window.window_h; ++a)
            for (std::int64_t b = 0; b < window.window_w; ++b)
                for (std::int64_t c = 0; c < CG; ++c)
                    for (std::int64_t o = 0; o < O; ++o) {
                        double sum = 0;
                        for (std::int64_t n = 0; n < N; ++n)
                            for (std::int64_t i = 0; i < OH; ++i)
                                for (std::int64_t j = 0; j < OW; ++j) {
                                    const std::int64_t u = i * window.stride_h - window.pad_top + a * window.dilation_h;
                                    const std::int64_t v =
                                        j * window.stride_w - window.pad_left + b * window.dilation_w;
                                    if (u < 0 || u >= H || v < 0 || v >= W) continue;
                                    const double value = X[((n * H + u) * W + v) * C + o / OG * CG + c];
                                    sum += value * DY[((n * OH + i) * OW + j) * O + o];
                                }
                        DK[((a * window.window_w + b) * CG + c) * O + o] = static_cast<T>(sum);
                    }
    });
}

}  // namespace cairn
