// Convolutions with groups or dilation: shaders of their own, one invocation or one workgroup for each number. Those without go
// by the implicit matrix products of conv2d.h.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/backend/vulkan/launch.h"

namespace cairn::vulkan {

// kernel (kh, kw, C / groups, O) over images of C channels.
inline bool has_groups_or_dilation(const Shape& kernel, std::int64_t C, const Window& window) {
    return kernel[2] != C || window.is_dilated();
}

// y = activation(conv2d(x, kernel) + bias)
void grouped_convolution(Context& context, const Convolution& layer, const Tensor& y);
void grouped_input_gradient(Context& context, const Tensor& dy, const Tensor& kernel, const Window& window,
                            const Tensor& dx);
void grouped_kernel_gradient(Context& context, const Tensor& x, const Tensor& dy, const Window& window,
                             const Tensor& dkernel);

}  // namespace cairn::vulkan
