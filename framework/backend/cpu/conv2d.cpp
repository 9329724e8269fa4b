#include "backend/cpu/conv2d_direct.h"
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/epilogue.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/im2col.h"
#include "backend/cpu/loops.h"
#include "backend/cpu/sum_parts.h"
#include "backend/cpu/winograd.h"

#include <algorithm>

namespace cairn {

namespace {

// Any stride. A tile of output rows at a time: its patches stay in L2, so im2col costs no memory traffic, and bias and ReLU are
// applied while the products are still in cache. Threads share out the output rows of the whole batch, so one image
// keeps them all busy. Against one im2col of the batch: 1.3 times as fast for 32 images of 15 x 15 x 32 to 64 channels,
// 1.9 times for 64 of 16 x 16 x 32.
template <typename T>
void forward_by_im2col(const cpu::ConvolutionSizes& s, const T* x, const T* kernel, const T* bias, bool relu, T* y,
                       Allocator& allocator) {
    const std::int64_t K = s.patch();
    const std::int64_t grain = cpu::product_grain(s.OW * K * s.O), tile = s.rows_per_tile(sizeof(T));
    Tensor scratch;
    if (!s.patches_are_input()) {
        scratch = Tensor::empty({threads_for(s.rows(), grain), tile, s.OW, K}, dtype_of<T>(), allocator);
    }
    parallel_for(s.rows(), grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t row = begin; row < end; row += tile) {
            const std::int64_t last = std::min(end, row + tile), pixels = (last - row) * s.OW;
            const T* patches = x + row * s.OW * K;
            if (scratch.defined()) {
                T* to = scratch.data<T>() + thread * tile * s.OW * K;
                cpu::im2col(s, x, row, last, to);
                patches = to;
            }
            T* out = y + row * s.OW * s.O;
            cpu::gemm<T>(pixels, s.O, K, {patches, K}, {kernel, s.O}, false, {out, s.O});
            cpu::add_bias_and_activate(pixels, s.O, bias, relu, out, s.O);
        }
    });
}

// Stride 1. Threads share out the images.
template <typename T>
void forward_directly(const cpu::ConvolutionSizes& s, const T* x, const T* kernel, const T* bias, bool relu, T* y,
                      Allocator& allocator) {
    const std::int64_t grain = cpu::product_grain(s.OH * s.OW * s.patch() * s.O);
    const cpu::ImageConvolution<T> convolution(s, kernel, bias, relu, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t n = begin; n < end; ++n) convolution.run(x, n, thread, y + n * s.OH * s.OW * s.O);
    });
}

// 3 x 3, stride 1, enough channels. Threads share out groups of images.
template <typename T>
void forward_by_winograd(const cpu::ConvolutionSizes& s, const T* x, const T* kernel, const T* bias, bool relu, T* y,
                         Allocator& allocator) {
    const std::int64_t grain = cpu::product_grain(s.OH * s.OW * s.patch() * s.O);
    const cpu::WinogradLayer<T> layer(s, kernel, bias, relu, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t n = begin; n < end; n += layer.images_at_once())
            layer.run(x, n, std::min(end - n, layer.images_at_once()), thread, y + n * s.OH * s.OW * s.O);
    });
}

}  // namespace

void CpuBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    conv2d_bias_activation({.x = x, .kernel = kernel, .window = window, .output = y.shape()}, y);
}

void CpuBackend::conv2d_bias_activation(const Convolution& layer, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const cpu::ConvolutionSizes sizes(layer.x.shape(), layer.kernel.shape(), layer.window, y.shape());
        const auto forward = cpu::is_winograd(sizes)        ? forward_by_winograd<T>
                             : cpu::is_direct(layer.window) ? forward_directly<T>
                                                            : forward_by_im2col<T>;
        forward(sizes, layer.x.data<T>(), layer.kernel.data<T>(), cpu::data_or_null<T>(layer.bias), layer.relu,
                y.data<T>(), allocator_);
    });
}

}  // namespace cairn
