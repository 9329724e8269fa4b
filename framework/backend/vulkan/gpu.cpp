#include "cairn/backend/vulkan/gpu.h"

#include "cairn/backend/vulkan/instance.h"
#include "cairn/core/program.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace cairn::vulkan {

namespace {

VkPhysicalDevice physical_device(const Instance& instance, int index) {
    const std::size_t count = instance.devices.size();
    check(
        count > 0,
        "no GPU with a Vulkan 1.2 driver on this machine; install the GPU vendor's driver, or Mesa's (Debian, Ubuntu: "
        "mesa-vulkan-drivers), or use --device cpu");
    check(index >= 0 && static_cast<std::size_t>(index) < count,
          "there is no vulkan:{}; this machine has {} Vulkan device{}, listed by {} devices", index, count,
          count == 1 ? "" : "s", program().command);
    return instance.devices[static_cast<std::size_t>(index)];
}

bool has_extension(const Instance& instance, VkPhysicalDevice device, const char* name) {
    const auto extensions = list_of<VkExtensionProperties>([&](std::uint32_t* count, VkExtensionProperties* list) {
        return instance.vk.EnumerateDeviceExtensionProperties(device, nullptr, count, list);
    });
    return std::ranges::any_of(extensions, [&](const auto& e) { return std::strcmp(e.extensionName, name) == 0; });
}

}  // namespace

Gpu::Gpu(int index_) : index(index_) {
    const Instance& instance = Instance::get();
    const VkPhysicalDevice physical = physical_device(instance, index);
    info = describe(instance, physical);
    VkPhysicalDeviceProperties properties;
    instance.vk.GetPhysicalDeviceProperties(physical, &properties);
    limits = properties.limits;
    const std::string missing = missing_limits(limits);
    check(missing.empty(), "{} cannot run cairn's shaders: {}; use --device cpu", info.name, missing);
    traits = traits_of(instance.vk, physical);
    instance.vk.GetPhysicalDeviceMemoryProperties(physical, &memory);

    const auto families = list_of<VkQueueFamilyProperties>([&](std::uint32_t* count, VkQueueFamilyProperties* list) {
        instance.vk.GetPhysicalDeviceQueueFamilyProperties(physical, count, list);
    });
    while (queue_family < families.size() && (families[queue_family].queueFlags & VK_QUEUE_COMPUTE_BIT) == 0)
        ++queue_family;
    check(queue_family < families.size(), "{} cannot compute: its Vulkan driver has no compute queue; use --device cpu",
          info.name);
    timestamp_bits = families[queue_family].timestampValidBits;

    const float priority = 1;
    auto queue_info = structure<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
    queue_info.queueFamilyIndex = queue_family;
    queue_info.queueCount = 1;
    queue_info.pQueuePriorities = &priority;
    auto timeline = structure<VkPhysicalDeviceTimelineSemaphoreFeatures>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES);
    timeline.timelineSemaphore = VK_TRUE;  // every Vulkan 1.2 driver has it
    std::vector<const char*> extensions;
    // A driver that has it (MoltenVK) wants it to be enabled.
    if (has_extension(instance, physical, "VK_KHR_portability_subset"))
        extensions.push_back("VK_KHR_portability_subset");
    auto device_info = structure<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, &timeline);
    device_info.queueCreateInfoCount = 1;
    device_info.pQueueCreateInfos = &queue_info;
    device_info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    device_info.ppEnabledExtensionNames = extensions.data();
    succeeded(instance.vk.CreateDevice(physical, &device_info, nullptr, &handle), "vkCreateDevice");

#define CAIRN_VK_FIND(name) vk.name = reinterpret_cast<PFN_vk##name>(instance.vk.GetDeviceProcAddr(handle, "vk" #name));
    CAIRN_VK_DEVICE_FUNCTIONS(CAIRN_VK_FIND)
#undef CAIRN_VK_FIND
    vk.GetDeviceQueue(handle, queue_family, 0, &queue);
}

Gpu::~Gpu() { vk.DestroyDevice(handle, nullptr); }

}  // namespace cairn::vulkan
