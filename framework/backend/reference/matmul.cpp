// matmul: c[m,n] = sum over k of op(a)[m,k] op(b)[k,n], or c[m,n] += … if accumulate.
//   op(a) (M, K): a itself, or the transpose of a (K, M).   op(b) (K, N): b itself, or the transpose of b (N, K).
#include "cairn/backend/reference/reference_backend.h"

namespace cairn {

void ReferenceBackend::matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                              bool accumulate) {
    const std::int64_t M = c.dim(0), N = c.dim(1), K = transpose_a ? a.dim(0) : a.dim(1);
    with_float(c.dtype(), [&]<typename T>() {
        for (std::int64_t m = 0; m < M; ++m)
            for (std::int64_t n = 0; n < N; ++n) {
                double sum = accumulate ? c.data<T>()[m * N + n] : 0.0;
                for (std::int64_t k = 0; k < K; ++k) {
                    const double left = a.data<T>()[transpose_a ? k * M + m : m * K + k];
                    const double right = b.data<T>()[transpose_b ? n * K + k : k * N + n];
                    sum += left * right;
                }
                c.data<T>()[m * N + n] = static_cast<T>(sum);
            }
    });
}

}  // namespace cairn
