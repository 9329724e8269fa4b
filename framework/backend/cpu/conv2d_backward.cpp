#include "cairn/backend/cpu/conv2d_im2col.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/depthwise.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/framed_backward.h"

namespace cairn {

namespace {

// y: nullptr without ReLU.
template <typename T>
void put_dz(const cpu::ConvolutionSizes& s, const T* y, const T* dy, const cpu::Frame& frame, T* to) {
    if (y == nullptr) return cpu::put_into_frame(dy, s.OH, s.OW, s.O, frame, to);
    for (std::int64_t i = 0; i < s.OH; ++i)
        for (std::int64_t j = 0; j < s.OW; ++j, y += s.O, dy += s.O)
            cpu::mask_by_relu(y, dy, s.O, to + frame.at(i) + j * frame.to_next_pixel());
}

}  // namespace

void CpuBackend::conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy,
                                 const LayerGradients& out) {
    with_float(dy.dtype(), [&]<typename T>() {
        const cpu::GradientOperands<T> operands(layer, out);
        const cpu::ConvolutionSizes& s = operands.s;
        const auto algorithm = cpu::algorithm_of_gradients(s, layer.algorithm, out);
        if (!algorithm) {
            conv2d_backward(layer, y, dy, {.dkernel = out.dkernel, .dbias = out.dbias});
            return conv2d_backward(layer, y, dy, {.dx = out.dx});
        }
        const T *signs = layer.relu ? y.data<T>() : nullptr, *cotangent = dy.data<T>();
        if (s.is_depthwise()) return cpu::depthwise_backward(operands, signs, cotangent, allocator_);
        if (*algorithm == ConvolutionAlgorithm::im2col)
            return cpu::backward_by_im2col(operands, signs, cotangent, allocator_);
        const auto put = [=](std::int64_t n, const cpu::Frame& frame, T* to) {
            put_dz(s, signs ? signs + n * s.y_image() : nullptr, cotangent + n * s.y_image(), frame, to);
        };
        cpu::FramedBackward<T>{operands, put}.run(*algorithm, allocator_);
    });
}

void CpuBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window, const Tensor& dx) {
    conv2d_backward({.kernel = kernel, .window = window, .output = dy.shape()}, Tensor(), dy, {.dx = dx});
}

void CpuBackend::conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                        const Tensor& dkernel) {
    conv2d_backward({.x = x, .window = window, .output = dy.shape()}, Tensor(), dy, {.dkernel = dkernel});
}

}  // namespace cairn
