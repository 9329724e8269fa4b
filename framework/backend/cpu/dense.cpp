#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/epilogue.h"
#include "backend/cpu/gemm.h"

namespace cairn {

// Each thread's part of x kernel gets its bias and ReLU right after the product, while it is in that thread's cache.
void CpuBackend::dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                       const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const std::int64_t B = x.dim(0), I = x.dim(1), O = kernel.dim(1);
        T* out = y.data<T>();
        const T* shift = bias.defined() ? bias.data<T>() : nullptr;
        cpu::parallel_gemm<T>(B, O, I, {x.data<T>(), I}, {kernel.data<T>(), O}, false, {out, O},
                              [=](std::int64_t rows, std::int64_t columns, std::int64_t row, std::int64_t column) {
                                  cpu::add_bias_and_activate(rows, columns, shift ? shift + column : nullptr,
                                                             activation, out + row * O + column, O);
                              });
    });
}

void CpuBackend::dense_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy,
                                Activation activation, const Tensor& dx, const Tensor& dkernel, const Tensor& dbias) {
    Tensor dz = dy;
    if (activation == Activation::relu) {
        dz = Tensor::empty(dy.shape(), dy.dtype(), allocator_);
        elementwise_backward(Unary::relu, Tensor(), y, dy, dz);
    }
    if (dx.defined()) matmul(dz, false, kernel, true, dx, false);
    if (dkernel.defined()) matmul(x, true, dz, false, dkernel, false);
    if (dbias.defined()) reduce(Reduction::sum, dz, dbias);
}

}  // namespace cairn
