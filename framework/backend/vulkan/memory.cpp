// Filling, copying and converting tensors.
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

#include <bit>

namespace cairn {

using namespace vulkan;

// fill: y[i] = value, by the driver's own command.
void VulkanBackend::fill(const Tensor& y, double value) {
    invariant(y.dtype() != DType::uint8, "image bytes are uploaded, not filled");
    if (y.size() == 0) return;
    const Recording recording(*context_);
    const bool integer = y.dtype() == DType::int32;
    const auto word = integer ? static_cast<std::uint32_t>(static_cast<std::int32_t>(value))
                              : std::bit_cast<std::uint32_t>(static_cast<float>(value));
    context_->recorder.fill(range_of(y), word);
}

// copy: y[i] = x[i]
void VulkanBackend::copy(const Tensor& x, const Tensor& y) {
    const Recording recording(*context_);
    vulkan::copy(*context_, x, y);
}

// convert: y[i] = x[i] / divisor
void VulkanBackend::convert(const Tensor& x, double divisor, const Tensor& y) {
    const struct {
        std::uint32_t n;
        float divisor;
    } push{size_of(y), static_cast<float>(divisor)};
    const auto kind = static_cast<std::uint32_t>(x.dtype() == DType::float32 ? 0 : x.dtype() == DType::int32 ? 1 : 2);
    launch(*context_, {"convert", {reads(x), writes(y)}, groups_for_elements(y.size()), {kind}}, push);
}

}  // namespace cairn
