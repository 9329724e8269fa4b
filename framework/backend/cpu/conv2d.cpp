#include "cairn/backend/cpu/conv2d_direct.h"
#include "cairn/backend/cpu/conv2d_im2col.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/depthwise.h"
#include "cairn/backend/cpu/winograd.h"

#include <algorithm>

namespace cairn {

namespace {

// Threads share out the images, or groups of them.
template <typename Layer, typename T>
void forward_by_images(const cpu::ForwardOperands<T>& operands, T* y, Allocator& allocator) {
    const cpu::ConvolutionSizes& s = operands.s;
    const std::int64_t grain = cpu::product_grain(s.multiply_adds());
    const Layer layer(operands, threads_for(s.N, grain), allocator);
    parallel_for(s.N, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t n = begin; n < end; n += layer.images_at_once())
            layer.run(n, std::min(end - n, layer.images_at_once()), thread, y + n * s.y_image());
    });
}

}  // namespace

void CpuBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    conv2d_bias_activation({.x = x, .kernel = kernel, .window = window, .output = y.shape()}, y);
}

void CpuBackend::conv2d_bias_activation(const Convolution& layer, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const cpu::ForwardOperands<T> operands(layer);
        if (operands.s.is_depthwise()) return cpu::depthwise_forward(operands, y.data<T>(), allocator_);
        switch (cpu::algorithm_for(cpu::ConvolutionPass::forward, operands.s, layer.algorithm)) {
            case ConvolutionAlgorithm::winograd:
                return forward_by_images<cpu::WinogradLayer<T>>(operands, y.data<T>(), allocator_);
            case ConvolutionAlgorithm::direct:
                return forward_by_images<cpu::DirectLayer<T>>(operands, y.data<T>(), allocator_);
            default: return cpu::forward_by_im2col(operands, y.data<T>(), allocator_);
        }
    });
}

}  // namespace cairn
