// What the plans of kernels must know of a device. It is a plain value and plans are functions of it and of sizes, so that the
// tests run a large GPU's plans on a software driver.
#pragma once

#include "cairn/backend/vulkan/functions.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::vulkan {

struct DeviceTraits {
    enum class Kind { software, integrated, discrete };  // discrete: virtual and other GPUs too

    Kind kind = Kind::discrete;
    std::uint32_t vendor = 0;                  // PCI number of its maker
    std::uint32_t units = 0;                   // multiprocessors or compute units; 0: the driver does not tell
    std::uint64_t alignment_of_buffers = 256;  // where one may begin

    // Multiply-adds from which on a product gets a pipeline for its own shape (see Gemm::fixed). A pipeline takes a GPU's driver a
    // tenth of a second, a software driver longer than it ever gains.
    std::int64_t fixed_from = 1 << 20;

    bool operator==(const DeviceTraits&) const = default;
};

constexpr std::uint32_t nvidia = 0x10de, amd = 0x1002;

// How many workgroups keep the device busy.
//   a unit has room for     wants
//   NVIDIA's SM   64 warps  2 groups of 4 warps to hide the latency of memory, and is filled by them for products
//   AMD's CU      32 waves  3 groups, and 4 where memory is the processor's and slow
//   unknown units           48 where integrated (12 units are usual), 256 otherwise (50 to 150)
//   software                4: there are a few processors, and a group runs on one
std::uint32_t busy_groups(const DeviceTraits& device);

// Of a physical device, as its driver describes it. CAIRN_VULKAN_PLAN in the environment, for tests, puts another one in place:
// "discrete" (132 units, as NVIDIA's H100 has), "integrated" (12 units, as AMD's Radeon 780M has), both with buffers aligned to 256
// bytes, or "software". "discrete" gives all but small products a pipeline
// of their own, "integrated" none: the tests run both ways. Throws Error for another word.
DeviceTraits traits_of(const InstanceFunctions& vk, VkPhysicalDevice device);
// The one that a word stands for.
DeviceTraits traits_named(const std::string& word);

// What the shaders need of a device beyond Vulkan's guaranteed minima, and those that they use up. Returns what is missing in
// words, or an empty text.
std::string missing_limits(const VkPhysicalDeviceLimits& limits);

// The memory types among `types` (bits) that serve, in the order in which they are to be tried: those with all of the wanted
// properties, then those with the needed ones; one of each heap, since a heap that is full is full for all of its types.
std::vector<std::uint32_t> memory_types(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t types,
                                        VkMemoryPropertyFlags wanted, VkMemoryPropertyFlags needed);

}  // namespace cairn::vulkan
