// Gpu: the logical device, its one queue and what it can do.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/functions.h"
#include "cairn/backend/vulkan/plan.h"

namespace cairn::vulkan {

class Gpu {
public:
    // Device `index` of the list that `cairn devices` shows. Throws Error where there is none.
    explicit Gpu(int index);
    ~Gpu();
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    DeviceFunctions vk;
    VkDevice handle = VK_NULL_HANDLE;
    VkQueue queue = VK_NULL_HANDLE;
    std::uint32_t queue_family = 0;
    std::uint32_t timestamp_bits = 0;  // 0: the queue has no timestamps
    VkPhysicalDeviceLimits limits{};
    VkPhysicalDeviceMemoryProperties memory{};
    VulkanDeviceInfo info;
    DeviceTraits traits;
    int index = 0;
};

}  // namespace cairn::vulkan
