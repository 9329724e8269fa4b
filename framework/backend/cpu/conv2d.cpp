#include "backend/cpu/conv2d_direct.h"
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/epilogue.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/im2col.h"
#include "backend/cpu/loops.h"

namespace cairn {

namespace {

// Any stride. A tile of output rows at a time: its patches stay in L2, so im2col costs no memory traffic, and bias and ReLU are
// applied while the products are still in cache. Threads share out the output rows of the whole batch, so one image
// keeps them all busy. Against one im2col of the batch: 1.3 times as fast for 32 images of 15 x 15 x 32 to 64 channels,
// 1.9 times for 64 of 16 x 16 x 32.
template <typename T>
void forward_by_im2col(const cpu::ConvolutionSizes& s, const T* x, const T* kernel, const T* bias,
                       Activation activation, T* y, Allocator& allocator) {
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
            cpu::add_bias_and_activate(pixels, s.O, bias, activation, out, s.O);
        }
    });
}

// Stride 1. Threads share out the images.
template <typename T>
void forward_directly(const cpu::ConvolutionSizes& s, const T* x, const T* kernel, const T* bias, Activation activation,
                      T* y, Allocator& allocator) {
    const cpu::Frame frame = cpu::input_frame(s);
    const bool framed = cpu::fills(s, frame);
    const std::int64_t grain = cpu::product_grain(s.OH * s.OW * s.patch() * s.O), O = cpu::whole_panels<T>(s.O);
    const auto scratch = [&](const Shape& shape) { return Tensor::empty(shape, dtype_of<T>(), allocator); };
    const Tensor panels = scratch({s.patch(), O}), bias_panels = scratch({O});
    const Tensor frames = framed ? Tensor() : scratch({threads_for(s.N, grain), frame.size()});
    cpu::pack_panels(kernel, s.patch(), s.O, panels.data<T>());
    if (bias) cpu::pack_panels(bias, 1, s.O, bias_panels.data<T>());
    const cpu::DirectConvolution convolution(frame, s.window.window_h, s.window.window_w, s.OH, s.OW, s.O);

    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        T* buffer = framed ? nullptr : frames.data<T>() + thread * frame.size();
        if (buffer) std::fill_n(buffer, frame.size(), T(0));
        for (std::int64_t n = begin; n < end; ++n) {
            const T* image = x + n * s.H * s.W * s.C;
            if (buffer) cpu::put_into_frame(image, s.H, s.W, s.C, frame, buffer);
            convolution.run(buffer ? buffer : image, panels.data<T>(), bias ? bias_panels.data<T>() : nullptr,
                            activation == Activation::relu, y + n * s.OH * s.OW * s.O);
        }
    });
}

}  // namespace

void CpuBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    conv2d_bias_activation(x, kernel, Tensor(), Activation::none, window, y);
}

void CpuBackend::conv2d_bias_activation(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                        Activation activation, const Window& window, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const auto forward = cpu::is_direct(window) ? forward_directly<T> : forward_by_im2col<T>;
        forward(cpu::ConvolutionSizes(x, kernel, window, y), x.data<T>(), kernel.data<T>(),
                bias.defined() ? bias.data<T>() : nullptr, activation, y.data<T>(), allocator_);
    });
}

}  // namespace cairn
