// The gradients of a convolution and the normalization behind it: each image's dz is made from dy where the convolution's
// gradients need it, and never goes to memory.
#include "backend/cpu/batch_norm.h"
#include "backend/cpu/conv2d_direct_backward.h"
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/sum_parts.h"

namespace cairn {

namespace {

// dz of an image, before the activation, in its frame. relu: only where z is positive.
template <bool relu, typename T>
void put_dz(const cpu::ConvolutionSizes& s, const cpu::NormalizationGradient<T>& gradient, const T* z, const T* dy,
            const cpu::Frame& frame, T* to) {
    const cpu::NormalizationGradient<T> g = gradient;  // a copy that no store can reach
    for (std::int64_t i = 0; i < s.OH; ++i)
        for (std::int64_t j = 0; j < s.OW; ++j, z += s.O, dy += s.O) {
            T* dz = to + frame.at(i) + j * frame.stride;
#pragma GCC ivdep
            for (std::int64_t o = 0; o < s.O; ++o) dz[o] = !relu || z[o] > 0 ? g.of(o, z[o], dy[o]) : T(0);
        }
}

}  // namespace

void CpuBackend::conv2d_batch_norm_backward(const Convolution& layer, const Tensor& z,
                                            const Normalization& normalization, const Tensor& dy,
                                            const LayerGradients& out, const NormalizationGradients& scale) {
    if (!cpu::is_direct(layer.window))
        return Backend::conv2d_batch_norm_backward(layer, z, normalization, dy, out, scale);
    with_float(dy.dtype(), [&]<typename T>() {
        const auto& [x, kernel, bias, window, output, relu, algorithm] = layer;
        const auto& [dx, dkernel, dbias] = out;
        const cpu::NormalizationGradient<T> gradient(z, normalization, Statistics::batch, dy, scale, allocator_);
        if (!dx.defined() && !dkernel.defined() && !dbias.defined()) return;
        const cpu::ConvolutionSizes sizes(x.shape(), kernel.shape(), window, z.shape());
        const std::int64_t image = sizes.OH * sizes.OW * sizes.O;
        const auto put = relu ? put_dz<true, T> : put_dz<false, T>;
        const cpu::DirectBackward<T> pass{.s = sizes,
                                          .x = x.data<T>(),
                                          .kernel = kernel.data<T>(),
                                          .dx = cpu::data_or_null<T>(dx),
                                          .dkernel = cpu::data_or_null<T>(dkernel),
                                          .dbias = cpu::data_or_null<T>(dbias),
                                          .put_dz = [&](std::int64_t n, const cpu::Frame& frame, T* to) {
                                              put(sizes, gradient, z.data<T>() + n * image, dy.data<T>() + n * image,
                                                  frame, to);
                                          }};
        pass.run(allocator_);
    });
}

}  // namespace cairn
