// Linked in place of backend/vulkan in a build without Vulkan: one clear error.
#include "cairn/backend/devices.h"

namespace cairn {

std::unique_ptr<Backend> detail::make_vulkan_backend(int) {
    fail("this build of cairn has no Vulkan backend; use --device cpu");
}

std::vector<VulkanDeviceInfo> vulkan_devices() { return {}; }
std::vector<std::string> take_vulkan_messages() { return {}; }

}  // namespace cairn
