#include "vulkan_static/null_device.h"

#include "cairn/core/error.h"

#include <cstdlib>

#include <dlfcn.h>

namespace cairn::bench {

namespace {

void must(VkResult result, const char* what) {
    check(result == VK_SUCCESS, "{} failed: {}", what, static_cast<int>(result));
}

}  // namespace

// Each function is looked up where it is used: this program asks for a dozen of them, once.
template <typename Function>
Function NullDevice::find(const char* name) const {
    return reinterpret_cast<Function>(get_(instance_, name));
}

NullDevice::NullDevice() {
    library_ = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    check(library_ != nullptr, "there is no libvulkan.so.1; on Debian: apt-get install libvulkan1");
    get_ = reinterpret_cast<PFN_vkGetInstanceProcAddr>(dlsym(library_, "vkGetInstanceProcAddr"));
    VkApplicationInfo application{};
    application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
    application.apiVersion = VK_API_VERSION_1_2;
    VkInstanceCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
    info.pApplicationInfo = &application;
    must(reinterpret_cast<PFN_vkCreateInstance>(get_(nullptr, "vkCreateInstance"))(&info, nullptr, &instance_),
         "vkCreateInstance");
    std::vector<VkPhysicalDevice> devices(16);
    std::uint32_t count = 16;
    find<PFN_vkEnumeratePhysicalDevices>("vkEnumeratePhysicalDevices")(instance_, &count, devices.data());
    VkPhysicalDevice chosen = VK_NULL_HANDLE;
    for (std::uint32_t k = 0; k < count && chosen == VK_NULL_HANDLE; ++k) {
        VkPhysicalDeviceProperties properties;
        find<PFN_vkGetPhysicalDeviceProperties>("vkGetPhysicalDeviceProperties")(devices[k], &properties);
        name_ = properties.deviceName;
        if (name_.find("RADV") != std::string::npos) chosen = devices[k];
    }
    check(chosen != VK_NULL_HANDLE, "RADV is not there; on Debian: apt-get install mesa-vulkan-drivers");

    VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR executables{};
    executables.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR;
    executables.pipelineExecutableInfo = VK_TRUE;
    const float priority = 1;
    VkDeviceQueueCreateInfo queue{};
    queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    const char* extension = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
    VkDeviceCreateInfo device{};
    device.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO;
    device.pNext = &executables;
    device.queueCreateInfoCount = 1;
    device.pQueueCreateInfos = &queue;
    device.enabledExtensionCount = 1;
    device.ppEnabledExtensionNames = &extension;
    must(find<PFN_vkCreateDevice>("vkCreateDevice")(chosen, &device, nullptr, &device_), "vkCreateDevice");
}

NullDevice::~NullDevice() {
    find<PFN_vkDestroyDevice>("vkDestroyDevice")(device_, nullptr);
    find<PFN_vkDestroyInstance>("vkDestroyInstance")(instance_, nullptr);
}

// What it makes on the way lives as long as the program, which ends soon.
VkPipeline NullDevice::make_pipeline(const vulkan::Shader& shader, const std::vector<std::uint32_t>& constants,
                                     std::uint32_t bindings) {
    VkShaderModuleCreateInfo module_info{};
    module_info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
    module_info.codeSize = shader.bytes;
    module_info.pCode = shader.words;
    VkShaderModule module = VK_NULL_HANDLE;
    must(find<PFN_vkCreateShaderModule>("vkCreateShaderModule")(device_, &module_info, nullptr, &module),
         "vkCreateShaderModule");
    std::vector<VkDescriptorSetLayoutBinding> buffers(bindings);
    for (std::uint32_t k = 0; k < bindings; ++k)
        buffers[k] = {k, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr};
    VkDescriptorSetLayoutCreateInfo set_info{};
    set_info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO;
    set_info.bindingCount = bindings;
    set_info.pBindings = buffers.data();
    VkDescriptorSetLayout set = VK_NULL_HANDLE;
    must(find<PFN_vkCreateDescriptorSetLayout>("vkCreateDescriptorSetLayout")(device_, &set_info, nullptr, &set),
         "vkCreateDescriptorSetLayout");
    const VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, 128};
    VkPipelineLayoutCreateInfo layout_info{};
    layout_info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
    layout_info.setLayoutCount = 1;
    layout_info.pSetLayouts = &set;
    layout_info.pushConstantRangeCount = 1;
    layout_info.pPushConstantRanges = &push;
    VkPipelineLayout layout = VK_NULL_HANDLE;
    must(find<PFN_vkCreatePipelineLayout>("vkCreatePipelineLayout")(device_, &layout_info, nullptr, &layout),
         "vkCreatePipelineLayout");

    std::vector<VkSpecializationMapEntry> entries(constants.size());
    for (std::uint32_t k = 0; k < entries.size(); ++k) entries[k] = {k, 4 * k, 4};
    const VkSpecializationInfo special{static_cast<std::uint32_t>(entries.size()), entries.data(), 4 * constants.size(),
                                       constants.data()};
    VkComputePipelineCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO;
    info.flags =
        VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR | VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR;
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = module;
    info.stage.pName = "main";
    info.stage.pSpecializationInfo = &special;
    info.layout = layout;
    VkPipeline pipeline = VK_NULL_HANDLE;
    must(find<PFN_vkCreateComputePipelines>("vkCreateComputePipelines")(device_, VK_NULL_HANDLE, 1, &info, nullptr,
                                                                        &pipeline),
         "vkCreateComputePipelines");
    return pipeline;
}

Compiled NullDevice::compile(const vulkan::Shader& shader, const std::vector<std::uint32_t>& constants,
                             std::uint32_t bindings) {
    VkPipelineInfoKHR pipeline{};
    pipeline.sType = VK_STRUCTURE_TYPE_PIPELINE_INFO_KHR;
    pipeline.pipeline = make_pipeline(shader, constants, bindings);
    std::uint32_t count = 1;
    VkPipelineExecutablePropertiesKHR properties{};
    properties.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_PROPERTIES_KHR;
    find<PFN_vkGetPipelineExecutablePropertiesKHR>("vkGetPipelineExecutablePropertiesKHR")(device_, &pipeline, &count,
                                                                                           &properties);
    VkPipelineExecutableInfoKHR executable{};
    executable.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR;
    executable.pipeline = pipeline.pipeline;
    const auto get_statistics = find<PFN_vkGetPipelineExecutableStatisticsKHR>("vkGetPipelineExecutableStatisticsKHR");
    get_statistics(device_, &executable, &count, nullptr);
    std::vector<VkPipelineExecutableStatisticKHR> statistics(count);
    for (auto& each : statistics) each.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR;
    get_statistics(device_, &executable, &count, statistics.data());

    const auto get_representations = find<PFN_vkGetPipelineExecutableInternalRepresentationsKHR>(
        "vkGetPipelineExecutableInternalRepresentationsKHR");
    get_representations(device_, &executable, &count, nullptr);
    std::vector<VkPipelineExecutableInternalRepresentationKHR> texts(count);
    for (auto& each : texts) each.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR;
    get_representations(device_, &executable, &count, texts.data());
    std::vector<std::string> room(count);
    for (std::uint32_t k = 0; k < count; ++k) {
        room[k].resize(texts[k].dataSize);
        texts[k].pData = room[k].data();
    }
    get_representations(device_, &executable, &count, texts.data());

    Compiled result;
    result.wave = properties.subgroupSize;
    for (const auto& each : statistics) result.statistics[each.name] = each.value.u64;
    for (std::uint32_t k = 0; k < count; ++k)
        if (std::string(texts[k].name) == "Assembly") result.assembly = room[k];
    return result;
}

}  // namespace cairn::bench
