#include "backend/vulkan/context.h"
#include "backend/vulkan/gemm.h"
#include "backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

// Bias and ReLU are applied to the sums before these are written.
void VulkanBackend::dense(const Tensor& x, const Tensor& kernel, const Tensor& bias, Activation activation,
                          const Tensor& y) {
    multiply(*context_, {.a = x, .b = kernel}, y, {.bias = bias, .activation = activation});
}

// dz is never stored: both products read dy as 0 where y is not positive. dbias comes with dkernel, as the row of ones.
void VulkanBackend::dense_backward(const Tensor& x, const Tensor& kernel, const Tensor& y, const Tensor& dy,
                                   Activation activation, const Tensor& dx, const Tensor& dkernel,
                                   const Tensor& dbias) {
    const bool relu = activation == Activation::relu;
    if (dx.defined()) {
        multiply(*context_, {dy, false, kernel, true, relu ? Masked::a : Masked::none, relu ? y : Tensor()}, dx);
    }
    if (dkernel.defined() || dbias.defined()) {
        multiply(*context_, {x, true, dy, false, relu ? Masked::b : Masked::none, relu ? y : Tensor()}, dkernel,
                 {.column_sums = dbias});
    }
}

}  // namespace cairn
