#include "cairn/backend/vulkan/vulkan_backend.h"

#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"

namespace cairn {

using namespace vulkan;

VulkanBackend::VulkanBackend(int index) : context_(std::make_unique<Context>(index)) {}
VulkanBackend::~VulkanBackend() = default;

Device VulkanBackend::device() const { return Device::vulkan(context_->gpu.index); }

std::string VulkanBackend::description() const {
    const VulkanDeviceInfo& info = context_->gpu.info;
    return fmt::format("{} ({}), {}", info.name, info.type, info.driver);
}

Allocator& VulkanBackend::allocator() { return context_->allocator; }

void VulkanBackend::end_step() {
    const Recording recording(*context_);
    context_->recorder.submit();
    ++context_->recorder.profiler().counts.steps;
}

void VulkanBackend::synchronize() {
    const std::lock_guard lock(context_->mutex);
    context_->recorder.synchronize();
}

void VulkanBackend::start_profile(ProfileDetail detail) {
    const std::lock_guard lock(context_->mutex);
    context_->recorder.synchronize();
    context_->recorder.profiler().start(detail);
}

DeviceProfile VulkanBackend::finish_profile() {
    const std::lock_guard lock(context_->mutex);
    context_->recorder.synchronize();
    return context_->recorder.profiler().finish();
}

std::unique_ptr<Backend> detail::make_vulkan_backend(int index) { return std::make_unique<VulkanBackend>(index); }

}  // namespace cairn
