#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/conv2d.h"
#include "cairn/backend/vulkan/conv2d_grouped.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// dkernel = patches(x)^T dy, and dbias = the sums of dy's columns if it is defined, in one product.
void kernel_gradient(Context& context, const Tensor& x, const Tensor& dy, const Window& window, const Tensor& dkernel,
                     const Tensor& dbias) {
    const std::int64_t O = dy.dim(3), taps = dkernel.size() / O;
    const Gemm gemm = plan_gemm(taps + dbias.defined(), O, dy.size() / O, Split::if_it_helps, context.gpu.traits);
    const Tensor target = target_of(gemm, dkernel, dy);
    struct {
        GemmSizes size;
        ConvolutionGeometry geometry;
        std::uint32_t taps, dkernel_rows;
    } push{gemm.size, {x.shape(), window, dy.shape()}, narrow(taps), gemm.parts > 1 ? gemm.size.M : narrow(taps)};
    launch(context,
           {"conv2d_kernel_gradient",
            {reads(x), reads(dy), writes(target), writes(dbias)},
            gemm.groups(),
            gemm.constants({false, false}, 0, push.geometry.words())},
           push);
    add_parts(context, gemm, target, dkernel, {.column_sums = dbias});
}

}  // namespace

void VulkanBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window,
                                          const Tensor& dx) {
    const std::int64_t C = dx.dim(3);
    if (has_groups_or_dilation(kernel.shape(), C, window))
        return grouped_input_gradient(*context_, dy, kernel, window, dx);
    const Gemm gemm = plan_gemm(dx.size() / C, C, kernel.size() / C, Split::never, context_->gpu.traits);
    struct {
        GemmSizes size;
        ConvolutionGeometry geometry;
    } push{gemm.size, {dx.shape(), window, dy.shape()}};
    const bool quads = push.geometry.O % 4 == 0;
    const bool unit_strides = window.stride_h == 1 && window.stride_w == 1;
    launch(*context_,
           {"conv2d_input_gradient",
            {reads(dy), reads(kernel), writes(dx)},
            gemm.groups(),
            gemm.constants({true, true, quads, quads}, unit_strides, push.geometry.words())},
           push);
}

void VulkanBackend::conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                           const Tensor& dkernel) {
    if (has_groups_or_dilation(dkernel.shape(), x.dim(3), window))
        return grouped_kernel_gradient(*context_, x, dy, window, dkernel);
    kernel_gradient(*context_, x, dy, window, dkernel, Tensor());
}

// dz is read nine times by a 3 x 3 kernel's gradients, so ReLU's gradient is taken once, before.
void VulkanBackend::conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy,
                                    const LayerGradients& out) {
    Tensor dz = dy;
    if (layer.relu) {
        dz = scratch(dy.shape(), dy);
        elementwise_backward(Unary::relu, y, dy, dz);
    }
    if (out.dx.defined()) conv2d_input_gradient(dz, layer.kernel, layer.window, out.dx);
    if (!out.dkernel.defined() || has_groups_or_dilation(out.dkernel.shape(), layer.x.dim(3), layer.window)) {
        if (out.dkernel.defined()) conv2d_kernel_gradient(layer.x, dz, layer.window, out.dkernel);
        if (out.dbias.defined()) reduce(Reduction::sum, dz, out.dbias);
    } else {
        kernel_gradient(*context_, layer.x, dz, layer.window, out.dkernel, out.dbias);
    }
}

}  // namespace cairn
