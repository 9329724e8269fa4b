#include "backend/vulkan/vulkan_backend.h"

#include "backend/backends.h"
#include "backend/vulkan/context.h"

#include <cstdlib>

namespace cairn {

namespace {

// Numbers that the device copies to memory of the host.
class DeviceReadback final : public Readback {
public:
    DeviceReadback(vulkan::Context& context, const Tensor& x) : context_(context), size_(x.size()), dtype_(x.dtype()) {
        const vulkan::Recording recording(context_);
        const vulkan::Range from = vulkan::range_of(x);
        range_ = vulkan::staging(context_, context_.downloads, from.bytes);
        context_.recorder.copy(from, {static_cast<vulkan::MemoryBlock*>(range_.handle), range_.offset, from.bytes});
        submission_ = context_.recorder.open();
    }

    // Its range may be handed out again at once: the next copy to it is ordered after this one.
    ~DeviceReadback() override {
        const std::lock_guard lock(context_.mutex);
        context_.downloads.release(range_);
    }

    bool ready() const override {
        const std::lock_guard lock(context_.mutex);
        return context_.recorder.finished(submission_);
    }

    std::vector<double> values() override {
        const std::lock_guard lock(context_.mutex);
        context_.recorder.wait(submission_);
        const auto to_double = [&]<typename T>(const T* values) { return std::vector<double>(values, values + size_); };
        if (dtype_ == DType::int32) return to_double(reinterpret_cast<const std::int32_t*>(range_.host));
        return to_double(reinterpret_cast<const float*>(range_.host));
    }

private:
    vulkan::Context& context_;
    Block range_;
    vulkan::Recorder::Submission submission_ = 0;
    std::int64_t size_;
    DType dtype_;
};

// The contexts that there are. backend() never destroys one, but a program must not end while the driver's threads still run
// its kernels.
std::vector<vulkan::Context*>& contexts() {
    static std::vector<vulkan::Context*>& all = *new std::vector<vulkan::Context*>;
    return all;
}

void wait_at_exit() {
    static const int once = std::atexit([] {
        for (const vulkan::Context* each : contexts()) each->gpu.vk.DeviceWaitIdle(each->gpu.handle);
    });
    static_cast<void>(once);
}

}  // namespace

VulkanBackend::VulkanBackend(int index) : context_(std::make_unique<vulkan::Context>(index)) {
    contexts().push_back(context_.get());
    wait_at_exit();
}

VulkanBackend::~VulkanBackend() { std::erase(contexts(), context_.get()); }

Device VulkanBackend::device() const { return Device::vulkan(context_->gpu.index); }

std::string VulkanBackend::description() const {
    const VulkanDeviceInfo& info = context_->gpu.info;
    return fmt::format("{} ({}), {}", info.name, info.type, info.driver);
}

Allocator& VulkanBackend::allocator() { return context_->allocator; }

void VulkanBackend::end_step() {
    const vulkan::Recording recording(*context_);
    context_->recorder.submit();
    ++context_->recorder.profiler().counts.steps;
}

void VulkanBackend::synchronize() {
    const std::lock_guard lock(context_->mutex);
    context_->recorder.synchronize();
}

std::unique_ptr<Readback> VulkanBackend::read_back(const Tensor& x) {
    return std::make_unique<DeviceReadback>(*context_, x);
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
