#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

void VulkanBackend::dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                            const Tensor& y) {
    const struct {
        std::uint32_t n, seed_low, seed_high, stream, step, threshold;
        float scale;
    } push{size_of(y),
           static_cast<std::uint32_t>(key.seed),
           static_cast<std::uint32_t>(key.seed >> 32),
           key.stream,
           key.step,
           threshold,
           static_cast<float>(scale)};
    launch(*context_, {"dropout", {reads(x), writes(y)}, groups_for_elements((y.size() + 3) / 4)}, push);
}

}  // namespace cairn
