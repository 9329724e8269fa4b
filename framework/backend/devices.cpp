#include "cairn/backend/devices.h"

#include <map>
#include <mutex>

namespace cairn {

namespace {

std::unique_ptr<Backend> make_backend(const Device& device) {
    switch (device.kind) {
        case Device::Kind::reference: return detail::make_reference_backend();
        case Device::Kind::cpu: return detail::make_cpu_backend();
        case Device::Kind::vulkan: return detail::make_vulkan_backend(device.index);
    }
    invariant(false, "a device of no known kind");
    return nullptr;
}

}  // namespace

Backend& backend(const Device& device) {
    using Key = std::pair<Device::Kind, int>;
    static std::mutex mutex;
    // Never destroyed: tensors with static lifetime may outlive every other object and still release memory to it.
    static auto& backends = *new std::map<Key, std::unique_ptr<Backend>>;
    const std::lock_guard lock(mutex);
    std::unique_ptr<Backend>& found = backends[{device.kind, device.index}];
    if (!found) found = make_backend(device);
    return *found;
}

Tensor empty(const Shape& shape, DType dtype, const Device& device) {
    Backend& owner = backend(device);
    check(owner.supports(dtype), "{} has no {}; use reference or cpu", device, name_of(dtype));
    return Tensor::empty(shape, dtype, owner.allocator());
}

Tensor full(const Shape& shape, double value, DType dtype, const Device& device) {
    Tensor y = empty(shape, dtype, device);
    backend(device).fill(y, value);
    return y;
}

Tensor zeros(const Shape& shape, DType dtype, const Device& device) { return full(shape, 0, dtype, device); }

Tensor empty_like(const Tensor& x, const Shape& shape) { return Tensor::empty(shape, x.dtype(), x.allocator()); }

Tensor to_device(const Tensor& x, const Device& device) {
    if (x.device() == device) return x.detach();
    std::vector<std::byte> bytes(x.bytes());
    x.download(bytes.data());
    Tensor y = empty(x.shape(), x.dtype(), device);
    y.upload(bytes.data());
    return y;
}

Tensor to_dtype(const Tensor& x, DType dtype) {
    if (x.dtype() == dtype) return x.detach();
    Tensor y = empty(x.shape(), dtype, x.device());
    backend(x).convert(x, 1.0, y);
    return y;
}

}  // namespace cairn
