#include "cairn/backend/vulkan/conv2d.h"

#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/conv2d_grouped.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// y = activation(conv2d(x, kernel) + bias), the convolution's output being of this shape; pooled by 2 x 2 windows to y and
// argmax if `pooled`.
void convolve(Context& context, const Convolution& layer, const Shape& output, bool pooled, const Tensor& y,
              const Tensor& argmax) {
    const std::int64_t O = output[3], pixels = y.size() / O;
    const Gemm gemm =
        plan_gemm(pooled ? 4 * pixels : pixels, O, layer.kernel.size() / O, Split::never, context.gpu.traits);
    struct {
        GemmSizes size;
        ConvolutionGeometry geometry;
        std::uint32_t flags, keep_argmax;
    } push{gemm.size,
           {layer.x.shape(), layer.window, output},
           Epilogue{.bias = layer.bias, .relu = layer.relu}.flags(),
           argmax.defined()};
    launch(context,
           {"conv2d",
            {reads(layer.x), reads(layer.kernel), writes(y), reads(layer.bias), writes(argmax)},
            gemm.groups(),
            gemm.constants({true, false, push.geometry.C % 4 == 0}, pooled, push.geometry.words())},
           push);
}

// Do the pooling's windows of 2 x 2 pixels tile the convolution's output, but for a last row or column that is left out?
bool is_pooled_by_two(const Pooling& pooling, const Shape& output) {
    const Window& window = pooling.window;
    const Shape& y = pooling.y.shape();
    return window.window_h == 2 && window.window_w == 2 && window.stride_h == 2 && window.stride_w == 2 &&
           window.pad_top == 0 && window.pad_left == 0 && y[1] == output[1] / 2 && y[2] == output[2] / 2;
}

}  // namespace

void VulkanBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    conv2d_bias_activation({.x = x, .kernel = kernel, .bias = {}, .window = window, .output = y.shape()}, y);
}

void VulkanBackend::conv2d_bias_activation(const Convolution& layer, const Tensor& y) {
    if (has_groups_or_dilation(layer.kernel.shape(), layer.x.dim(3), layer.window))
        grouped_convolution(*context_, layer, y);
    else convolve(*context_, layer, y.shape(), false, y, Tensor());
}

void VulkanBackend::conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) {
    const bool plain = !has_groups_or_dilation(layer.kernel.shape(), layer.x.dim(3), layer.window);
    if (plain && is_pooled_by_two(pooling, layer.output)) {
        convolve(*context_, layer, layer.output, true, pooling.y, pooling.argmax);
    } else {
        Backend::conv2d_max_pool2d(layer, pooling);
    }
}

}  // namespace cairn
