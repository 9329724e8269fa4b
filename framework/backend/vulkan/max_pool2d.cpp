#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// shaders/include/pooling.glsl
struct PoolingPush {
    std::uint32_t n, H, W, C, OH, OW;
    std::uint32_t window_h, window_w, stride_h, stride_w, pad_top, pad_left;
    std::uint32_t optional;
};

PoolingPush pooling(std::int64_t n, const Shape& image, const Shape& pooled, const Window& window, bool optional) {
    return {narrow(n),
            narrow(image[1]),
            narrow(image[2]),
            narrow(image[3]),
            narrow(pooled[1]),
            narrow(pooled[2]),
            narrow(window.window_h),
            narrow(window.window_w),
            narrow(window.stride_h),
            narrow(window.stride_w),
            narrow(window.pad_top),
            narrow(window.pad_left),
            optional};
}

// dx = the gradient of pooling; where y is given, that of pooling and the ReLU below it.
void pool_backward(Context& context, const Tensor& dy, const Tensor& argmax, const Tensor& y, const Window& window,
                   const Tensor& dx) {
    launch(context,
           {"max_pool2d_backward", {reads(dy), reads(argmax), reads(y), writes(dx)}, groups_for_elements(dx.size())},
           pooling(dx.size(), dx.shape(), dy.shape(), window, y.defined()));
}

}  // namespace

void VulkanBackend::max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) {
    launch(*context_, {"max_pool2d", {reads(x), writes(y), writes(argmax)}, groups_for_elements(y.size())},
           pooling(y.size(), x.shape(), y.shape(), window, argmax.defined()));
}

void VulkanBackend::max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window,
                                        const Tensor& dx) {
    pool_backward(*context_, dy, argmax, Tensor(), window, dx);
}

// As the default, but what ReLU's gradient lets pass is decided inside of the pooling's, which saves a dispatch.
void VulkanBackend::conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                               const LayerGradients& out) {
    const Tensor dz = scratch(layer.output, dy);
    pool_backward(*context_, dy, pooling.argmax, layer.relu ? pooling.y : Tensor(), pooling.window, dz);
    Convolution linear = layer;
    linear.relu = false;
    conv2d_backward(linear, Tensor(), dz, out);
}

}  // namespace cairn
