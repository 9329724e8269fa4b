// Vulkan's functions. The loader is opened when a program first asks for Vulkan, so that one binary runs on machines with and
// without it; every function is then found by its name. vk.CmdDispatch is vkCmdDispatch.
#pragma once

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan.h>

#include <cstdint>
#include <vector>

namespace cairn::vulkan {

#define CAIRN_VK_GLOBAL_FUNCTIONS(X)        \
    X(CreateInstance)                       \
    X(EnumerateInstanceExtensionProperties) \
    X(EnumerateInstanceLayerProperties)     \
    X(EnumerateInstanceVersion)

#define CAIRN_VK_INSTANCE_FUNCTIONS(X)        \
    X(DestroyInstance)                        \
    X(EnumeratePhysicalDevices)               \
    X(EnumerateDeviceExtensionProperties)     \
    X(GetPhysicalDeviceProperties)            \
    X(GetPhysicalDeviceProperties2)           \
    X(GetPhysicalDeviceFeatures2)             \
    X(GetPhysicalDeviceMemoryProperties)      \
    X(GetPhysicalDeviceQueueFamilyProperties) \
    X(CreateDevice)                           \
    X(GetDeviceProcAddr)

#define CAIRN_VK_DEVICE_FUNCTIONS(X) \
    X(AllocateCommandBuffers)        \
    X(AllocateDescriptorSets)        \
    X(AllocateMemory)                \
    X(BeginCommandBuffer)            \
    X(BindBufferMemory)              \
    X(CmdBindDescriptorSets)         \
    X(CmdBindPipeline)               \
    X(CmdCopyBuffer)                 \
    X(CmdDispatch)                   \
    X(CmdFillBuffer)                 \
    X(CmdPipelineBarrier)            \
    X(CmdPushConstants)              \
    X(CmdResetQueryPool)             \
    X(CmdWriteTimestamp)             \
    X(CreateBuffer)                  \
    X(CreateCommandPool)             \
    X(CreateComputePipelines)        \
    X(CreateDescriptorPool)          \
    X(CreateDescriptorSetLayout)     \
    X(CreatePipelineCache)           \
    X(CreatePipelineLayout)          \
    X(CreateQueryPool)               \
    X(CreateSemaphore)               \
    X(CreateShaderModule)            \
    X(DestroyBuffer)                 \
    X(DestroyCommandPool)            \
    X(DestroyDescriptorPool)         \
    X(DestroyDescriptorSetLayout)    \
    X(DestroyDevice)                 \
    X(DestroyPipeline)               \
    X(DestroyPipelineCache)          \
    X(DestroyPipelineLayout)         \
    X(DestroyQueryPool)              \
    X(DestroySemaphore)              \
    X(DestroyShaderModule)           \
    X(DeviceWaitIdle)                \
    X(EndCommandBuffer)              \
    X(FreeMemory)                    \
    X(GetBufferMemoryRequirements)   \
    X(GetDeviceQueue)                \
    X(GetPipelineCacheData)          \
    X(GetQueryPoolResults)           \
    X(GetSemaphoreCounterValue)      \
    X(MapMemory)                     \
    X(QueueSubmit)                   \
    X(ResetCommandPool)              \
    X(ResetDescriptorPool)           \
    X(UpdateDescriptorSets)          \
    X(WaitSemaphores)

#define CAIRN_VK_POINTER(name) PFN_vk##name name = nullptr;

struct InstanceFunctions {
    PFN_vkGetInstanceProcAddr GetInstanceProcAddr = nullptr;
    CAIRN_VK_GLOBAL_FUNCTIONS(CAIRN_VK_POINTER)
    CAIRN_VK_INSTANCE_FUNCTIONS(CAIRN_VK_POINTER)
};

struct DeviceFunctions {
    CAIRN_VK_DEVICE_FUNCTIONS(CAIRN_VK_POINTER)
};

#undef CAIRN_VK_POINTER

// An empty structure of Vulkan's, with its type and the structures that extend it.
template <typename Structure>
Structure structure(VkStructureType type, void* next = nullptr) {
    Structure made{};
    made.sType = type;
    made.pNext = next;
    return made;
}

// A list from Vulkan, which is asked first for the number, then for the elements.
template <typename T, typename Enumerate>
std::vector<T> list_of(const Enumerate& enumerate) {
    std::uint32_t count = 0;
    enumerate(&count, nullptr);
    std::vector<T> list(count);
    enumerate(&count, list.data());
    list.resize(count);
    return list;
}

// Throws Error unless the call succeeded: what happened, and what to do about it.
void succeeded(VkResult result, const char* call);

}  // namespace cairn::vulkan
