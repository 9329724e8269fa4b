#include "backend/vulkan/conv2d.h"

#include "backend/vulkan/context.h"
#include "backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// y = activation(conv(x, kernel) + bias), the convolution's output being of the shape `convolved`; pooled by 2 x 2 windows
// to y and argmax if `pooled`.
void convolve(Context& context, const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
              const Window& window, const Shape& convolved, bool pooled, const Tensor& y, const Tensor& argmax) {
    const std::int64_t places = y.size() / y.dim(3), O = y.dim(3);
    const Gemm gemm = plan_gemm(pooled ? 4 * places : places, O, kernel.size() / O, Split::never, busy_groups(context));
    struct {
        GemmSizes size;
        ConvolutionGeometry geometry;
        std::uint32_t flags, keep_argmax;
    } push{gemm.size, {x.shape(), window, convolved}, Epilogue{bias, activation}.flags(), argmax.defined()};
    launch(context,
           {"conv2d",
            {reads(x), reads(kernel), writes(y), reads(bias), writes(argmax)},
            gemm.groups(),
            gemm.constants(true, false, {pooled})},
           push);
}

// Do the windows of 2 x 2 pixels tile the convolution's output, but for a last row or column that is left out?
bool is_pooled_by_two(const Window& pool, const Shape& convolved, const Shape& y) {
    return pool.window_h == 2 && pool.window_w == 2 && pool.stride_h == 2 && pool.stride_w == 2 && pool.pad_top == 0 &&
           pool.pad_left == 0 && y[1] == convolved[1] / 2 && y[2] == convolved[2] / 2;
}

}  // namespace

void VulkanBackend::conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) {
    conv2d_bias_activation(x, kernel, Tensor(), Activation::none, window, y);
}

void VulkanBackend::conv2d_bias_activation(const Tensor& x, const Tensor& kernel, const Tensor& bias,
                                           Activation activation, const Window& window, const Tensor& y) {
    convolve(*context_, x, kernel, bias, activation, window, y.shape(), false, y, Tensor());
}

void VulkanBackend::conv2d_max_pool2d(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                                      const Window& window, const Shape& convolved, const Window& pool, const Tensor& y,
                                      const Tensor& argmax) {
    if (is_pooled_by_two(pool, convolved, y.shape())) {
        convolve(*context_, x, kernel, bias, activation, window, convolved, true, y, argmax);
    } else {
        Backend::conv2d_max_pool2d(x, kernel, bias, activation, window, convolved, pool, y, argmax);
    }
}

}  // namespace cairn
