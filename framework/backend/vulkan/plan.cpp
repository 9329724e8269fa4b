#include "cairn/backend/vulkan/plan.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace cairn::vulkan {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

// The number of units, from extensions that only ask for properties: they need not be switched on.
std::uint32_t units_of(const InstanceFunctions& vk, VkPhysicalDevice device) {
    const auto extensions = list_of<VkExtensionProperties>([&](std::uint32_t* count, VkExtensionProperties* list) {
        return vk.EnumerateDeviceExtensionProperties(device, nullptr, count, list);
    });
    const auto has = [&](const char* name) {
        return std::ranges::any_of(extensions, [&](const auto& e) { return std::strcmp(e.extensionName, name) == 0; });
    };
    auto sms = structure<VkPhysicalDeviceShaderSMBuiltinsPropertiesNV>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_SM_BUILTINS_PROPERTIES_NV);
    auto cores = structure<VkPhysicalDeviceShaderCorePropertiesAMD>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CORE_PROPERTIES_AMD);
    auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
    if (has(VK_NV_SHADER_SM_BUILTINS_EXTENSION_NAME)) properties.pNext = &sms;
    else if (has(VK_AMD_SHADER_CORE_PROPERTIES_EXTENSION_NAME)) properties.pNext = &cores;
    else return 0;
    vk.GetPhysicalDeviceProperties2(device, &properties);
    return sms.shaderSMCount +
           cores.shaderEngineCount * cores.shaderArraysPerEngineCount * cores.computeUnitsPerShaderArray;
}

DeviceTraits::Kind kind_of(VkPhysicalDeviceType type) {
    if (type == VK_PHYSICAL_DEVICE_TYPE_CPU) return DeviceTraits::Kind::software;
    return type == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU ? DeviceTraits::Kind::integrated
                                                          : DeviceTraits::Kind::discrete;
}

}  // namespace

std::uint32_t busy_groups(const DeviceTraits& device) {
    const bool integrated = device.kind == DeviceTraits::Kind::integrated;
    if (device.kind == DeviceTraits::Kind::software) return 4;
    if (device.units == 0) return integrated ? 48 : 256;
    if (device.vendor == amd) return (integrated ? 4 : 3) * device.units;
    return 2 * device.units;
}

DeviceTraits traits_named(const std::string& word) {
    using Kind = DeviceTraits::Kind;
    if (word == "discrete") return {Kind::discrete, nvidia, 132, 256, 20'000};
    if (word == "integrated") return {Kind::integrated, amd, 12, 256, never};
    check(word == "software", "CAIRN_VULKAN_PLAN is '{}'; it may be discrete, integrated or software", word);
    return {Kind::software, 0, 0, 4, never};
}

DeviceTraits traits_of(const InstanceFunctions& vk, VkPhysicalDevice device) {
    VkPhysicalDeviceProperties properties;
    vk.GetPhysicalDeviceProperties(device, &properties);
    const std::uint64_t alignment = properties.limits.minStorageBufferOffsetAlignment;
    if (const char* word = std::getenv("CAIRN_VULKAN_PLAN"); word != nullptr && *word != '\0') {
        DeviceTraits named = traits_named(word);
        named.alignment_of_buffers = std::max(named.alignment_of_buffers, alignment);
        return named;
    }
    DeviceTraits traits{kind_of(properties.deviceType), properties.vendorID, units_of(vk, device), alignment};
    if (traits.kind == DeviceTraits::Kind::software) traits.fixed_from = never;
    return traits;
}

std::string missing_limits(const VkPhysicalDeviceLimits& limits) {
    struct Needed {
        const char* what;
        std::uint64_t has, needed;
    };
    // batch_norm_training binds eight buffers, where Vulkan guarantees four. The others are what Vulkan guarantees; a driver that
    // breaks its word is told so here and not by a lost device.
    const Needed all[] = {
        {"storage buffers in a shader", limits.maxPerStageDescriptorStorageBuffers, 8},
        {"invocations in a workgroup", limits.maxComputeWorkGroupInvocations, 128},
        {"invocations along a workgroup's x", limits.maxComputeWorkGroupSize[0], 128},
        {"bytes of shared memory", limits.maxComputeSharedMemorySize, 16384},
        {"bytes of push constants", limits.maxPushConstantsSize, 128},
        {"workgroups along x", limits.maxComputeWorkGroupCount[0], 65535},
    };
    for (const Needed& limit : all)
        if (limit.has < limit.needed)
            return fmt::format("it allows {} {}, and {} are needed", limit.has, limit.what, limit.needed);
    return "";
}

std::vector<std::uint32_t> memory_types(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t types,
                                        VkMemoryPropertyFlags wanted, VkMemoryPropertyFlags needed) {
    // Memory of these kinds may be used only by who has asked the device for it.
    constexpr VkMemoryPropertyFlags special =
        VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT | VK_MEMORY_PROPERTY_PROTECTED_BIT |
        VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;
    std::vector<std::uint32_t> found, heaps;
    for (const VkMemoryPropertyFlags properties : {wanted, needed})
        for (std::uint32_t k = 0; k < memory.memoryTypeCount; ++k) {
            const auto [flags, heap] = memory.memoryTypes[k];
            const bool serves = (types >> k & 1) != 0 && (flags & properties) == properties && (flags & special) == 0;
            if (!serves || std::ranges::find(heaps, heap) != heaps.end()) continue;
            found.push_back(k);
            heaps.push_back(heap);
        }
    return found;
}

}  // namespace cairn::vulkan
