#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/gemm.h"

namespace cairn {

void CpuBackend::matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                        bool accumulate) {
    with_float(c.dtype(), [&]<typename T>() {
        const std::int64_t M = c.dim(0), N = c.dim(1), K = a.dim(transpose_a ? 0 : 1);
        cpu::parallel_gemm<T>({M, N, K}, {a.data<T>(), a.dim(1), transpose_a}, {b.data<T>(), b.dim(1), transpose_b},
                              accumulate, {c.data<T>(), N}, [](auto...) {});
    });
}

}  // namespace cairn
