#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/gemm.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

// Bias and ReLU are applied to the sums before these are written.
void VulkanBackend::dense(const DenseLayer& layer, const Tensor& y) {
    multiply(*context_, {.a = layer.x, .b = layer.kernel}, y, {.bias = layer.bias, .relu = layer.relu});
}

// dz is never stored: both products read dy as 0 where y is not positive. dbias comes with dkernel, as the row of ones.
void VulkanBackend::dense_backward(const DenseLayer& layer, const Tensor& y, const Tensor& dy,
                                   const LayerGradients& out) {
    const bool relu = layer.relu;
    if (out.dx.defined()) {
        multiply(*context_, {dy, false, layer.kernel, true, relu ? Masked::a : Masked::none, relu ? y : Tensor()},
                 out.dx);
    }
    if (out.dkernel.defined() || out.dbias.defined()) {
        multiply(*context_, {layer.x, true, dy, false, relu ? Masked::b : Masked::none, relu ? y : Tensor()},
                 out.dkernel, {.column_sums = out.dbias});
    }
}

}  // namespace cairn
