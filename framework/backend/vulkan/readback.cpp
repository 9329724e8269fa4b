#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// Numbers that the device copies to memory of the host.
class DeviceReadback final : public Readback {
public:
    DeviceReadback(Context& context, const Tensor& x) : context_(context), size_(x.size()), dtype_(x.dtype()) {
        const Recording recording(context_);
        const Range from = range_of(x);
        range_ = staging(context_, context_.downloads, from.bytes);
        context_.recorder.copy(from, {static_cast<MemoryBlock*>(range_.handle), range_.offset, from.bytes});
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
    Context& context_;
    Block range_;
    Recorder::Submission submission_ = 0;
    std::int64_t size_;
    DType dtype_;
};

}  // namespace

std::unique_ptr<Readback> VulkanBackend::read_back(const Tensor& x) {
    return std::make_unique<DeviceReadback>(*context_, x);
}

}  // namespace cairn
