#include "cairn/backend/vulkan/functions.h"

#include "cairn/core/error.h"

namespace cairn::vulkan {

void succeeded(VkResult result, const char* call) {
    switch (result) {
        case VK_SUCCESS: return;
        case VK_ERROR_DEVICE_LOST:
            fail(
                "the GPU was lost ({}): its driver crashed or stopped a kernel that ran too long. Start again, with a "
                "smaller --batch-size or --device cpu; the system's log (dmesg) may tell why",
                call);
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
            fail("the GPU's memory is exhausted ({}); use a smaller --batch-size", call);
        case VK_ERROR_OUT_OF_HOST_MEMORY:
            fail("out of memory in the Vulkan driver ({}); use a smaller --batch-size", call);
        case VK_ERROR_INITIALIZATION_FAILED:
            fail(
                "the Vulkan driver could not be initialized ({}); `vulkaninfo --summary` shows whether the driver "
                "works "
                "at all. Reinstall it, or use --device cpu",
                call);
        default:
            fail("the Vulkan driver failed: {} returned {}; update the driver, or use --device cpu", call,
                 static_cast<int>(result));
    }
}

}  // namespace cairn::vulkan
