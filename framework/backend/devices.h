// Which backend stands behind a Device, and small helpers that need one.
#pragma once

#include "cairn/backend/backend.h"

namespace cairn {

// The backend of a device, made at first use and alive until the program ends. Throws Error when the device is not
// there.
Backend& backend(const Device& device);
inline Backend& backend(const Tensor& x) { return backend(x.device()); }

// Tensors on a device; empty is uninitialized.
Tensor empty(const Shape& shape, DType dtype, const Device& device);
Tensor full(const Shape& shape, double value, DType dtype, const Device& device);
Tensor zeros(const Shape& shape, DType dtype, const Device& device);
// An uninitialized tensor of x's dtype on x's device, of another shape or of its own.
Tensor empty_like(const Tensor& x, const Shape& shape);
inline Tensor empty_like(const Tensor& x) { return empty_like(x, x.shape()); }

// A tensor with these values (row-major). Throws Error unless their number fits the shape.
template <typename T>
Tensor from_values(const Shape& shape, const std::vector<T>& values, const Device& device) {
    check(shape.size() == static_cast<std::int64_t>(values.size()), "a tensor {} needs {} values, not {}", shape,
          shape.size(), values.size());
    const Tensor tensor = empty(shape, dtype_of<T>(), device);
    tensor.upload(values.data());
    return tensor;
}

// A copy on another device, or of another floating-point type on the same one; it leaves the graph.
Tensor to_device(const Tensor& x, const Device& device);
Tensor to_dtype(const Tensor& x, DType dtype);

// What a GPU with a Vulkan driver is and can do; `vulkan:i` is element i of the list.
struct VulkanDeviceInfo {
    std::string name;
    std::string type;                    // "discrete GPU", "integrated GPU", "virtual GPU", "software" or "other"
    bool software = false;               // computes on the processor: good for tests, slower than `cpu`
    std::string driver;                  // its name and version
    std::string vulkan;                  // the version of Vulkan that it speaks
    std::string uuid;                    // of the device: two drivers of one GPU tell the same
    std::uint64_t memory = 0;            // bytes, of its largest heap of device memory
    std::uint64_t max_tensor_bytes = 0;  // maxStorageBufferRange
    std::uint32_t max_group_size = 0;    // maxComputeWorkGroupInvocations
    std::uint32_t shared_memory = 0;     // maxComputeSharedMemorySize, bytes
    std::uint64_t buffer_alignment = 0;  // minStorageBufferOffsetAlignment, bytes
};
// Discrete GPUs first, then integrated, virtual and software ones; none where there is no Vulkan.
std::vector<VulkanDeviceInfo> vulkan_devices();

// What Vulkan's validation layer said since the last call; nothing unless CAIRN_VULKAN_VALIDATION=1 switches it on.
std::vector<std::string> take_vulkan_messages();

namespace detail {
// Defined by the backends' own folders; backend/no_vulkan/ defines make_vulkan_backend in a build without Vulkan.
std::unique_ptr<Backend> make_reference_backend();
std::unique_ptr<Backend> make_cpu_backend();
std::unique_ptr<Backend> make_vulkan_backend(int index);
}  // namespace detail

}  // namespace cairn
