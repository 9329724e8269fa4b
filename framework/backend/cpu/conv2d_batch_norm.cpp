// The gradients of a convolution and the normalization behind it: each image's dz is made from dy where the convolution's
// gradients need it, and never goes to memory.
#include "cairn/backend/cpu/batch_norm.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/framed_backward.h"

namespace cairn {

namespace {

// dz of an image, before the activation, in its frame. relu: only where z is positive.
template <bool relu, typename T>
void put_dz(const cpu::ConvolutionSizes& s, const cpu::NormalizationGradient<T>& gradient, const T* z, const T* dy,
            const cpu::Frame& frame, T* to) {
    const cpu::NormalizationGradient<T> g = gradient;  // a copy that no store can reach
    for (std::int64_t i = 0; i < s.OH; ++i)
        for (std::int64_t j = 0; j < s.OW; ++j, z += s.O, dy += s.O) {
            T* dz = to + frame.at(i) + j * frame.to_next_pixel();
#pragma GCC ivdep
            for (std::int64_t o = 0; o < s.O; ++o) dz[o] = !relu || z[o] > 0 ? g.of(o, z[o], dy[o]) : T(0);
        }
}

}  // namespace

void CpuBackend::conv2d_batch_norm_backward(const Convolution& layer, const Tensor& z,
                                            const Normalization& normalization, const Tensor& dy,
                                            const LayerGradients& out, const NormalizationGradients& scale) {
    with_float(dy.dtype(), [&]<typename T>() {
        const cpu::GradientOperands<T> operands(layer, out);
        const cpu::ConvolutionSizes& s = operands.s;
        const auto algorithm = cpu::algorithm_of_gradients(s, layer.algorithm, out);
        if (!algorithm || *algorithm == ConvolutionAlgorithm::im2col)
            return Backend::conv2d_batch_norm_backward(layer, z, normalization, dy, out, scale);
        const cpu::NormalizationGradient<T> gradient(z, normalization, dy, scale, allocator_);
        if (!out.dx.defined() && !out.dkernel.defined() && !out.dbias.defined()) return;
        const auto put_image = layer.relu ? put_dz<true, T> : put_dz<false, T>;
        const auto put = [&](std::int64_t n, const cpu::Frame& frame, T* to) {
            put_image(s, gradient, z.data<T>() + n * s.y_image(), dy.data<T>() + n * s.y_image(), frame, to);
        };
        cpu::FramedBackward<T>{operands, put}.run(*algorithm, allocator_);
    });
}

}  // namespace cairn
