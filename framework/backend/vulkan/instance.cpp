#include "cairn/backend/vulkan/instance.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>

namespace cairn::vulkan {

namespace {

constexpr const char* validation_layer = "VK_LAYER_KHRONOS_validation";

VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                               const VkDebugUtilsMessengerCallbackDataEXT* data, void* instance) {
    static_cast<Instance*>(instance)->add_message(data->pMessage);
    return VK_FALSE;
}

int rank(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return 0;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return 1;
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return 2;
        case VK_PHYSICAL_DEVICE_TYPE_CPU: return 4;
        default: return 3;
    }
}

std::string type_name(VkPhysicalDeviceType type) {
    constexpr std::array names{"discrete GPU", "integrated GPU", "virtual GPU", "other", "software"};
    return names[static_cast<std::size_t>(rank(type))];
}

std::string version(std::uint32_t v) {
    return fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(v), VK_API_VERSION_MINOR(v), VK_API_VERSION_PATCH(v));
}

}  // namespace

Instance& Instance::get() {
    static Instance& instance = *new Instance;
    return instance;
}

Instance::Instance() {
    const char* wanted = std::getenv("CAIRN_VULKAN_VALIDATION");
    validation_ = wanted != nullptr && std::strcmp(wanted, "") != 0 && std::strcmp(wanted, "0") != 0;
    open_loader();
    create();
    if (validation_) listen();
    find_devices();
    made_ = true;
}

void Instance::open_loader() {
    void* library = nullptr;
    for (const char* name :
         {"libvulkan.so.1", "libvulkan.so", "libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib"})
        if (library == nullptr) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    check(library != nullptr,
          "no Vulkan on this machine: its loader libvulkan.so.1 is missing. Install it (Debian, Ubuntu: libvulkan1; "
          "Fedora: vulkan-loader; Arch: vulkan-icd-loader; macOS: molten-vk) or use --device cpu");
    vk.GetInstanceProcAddr = reinterpret_cast<PFN_vkGetInstanceProcAddr>(dlsym(library, "vkGetInstanceProcAddr"));
    check(vk.GetInstanceProcAddr != nullptr,
          "the Vulkan loader is damaged: it has no vkGetInstanceProcAddr; reinstall it");
#define CAIRN_VK_FIND(name) \
    vk.name = reinterpret_cast<PFN_vk##name>(vk.GetInstanceProcAddr(VK_NULL_HANDLE, "vk" #name));
    CAIRN_VK_GLOBAL_FUNCTIONS(CAIRN_VK_FIND)
#undef CAIRN_VK_FIND
    check(vk.EnumerateInstanceVersion != nullptr, "the Vulkan loader knows Vulkan 1.0 only; 1.2 is needed: update it");
}

void Instance::create() {
    std::vector<const char*> layers, extensions;
    auto info = structure<VkInstanceCreateInfo>(VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO);
    for (const auto& extension : list_of<VkExtensionProperties>([&](std::uint32_t*count, VkExtensionProperties*list) {
             return vk.EnumerateInstanceExtensionProperties(nullptr, count, list);
         })) {
        // Without it the loader hides drivers that leave parts of Vulkan out, as MoltenVK does.
        if (std::strcmp(extension.extensionName, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME) != 0) continue;
        extensions.push_back(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME);
        info.flags |= VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
    }

    const std::array enabled{VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    auto features = structure<VkValidationFeaturesEXT>(VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT);
    features.enabledValidationFeatureCount = static_cast<std::uint32_t>(enabled.size());
    features.pEnabledValidationFeatures = enabled.data();
    if (validation_) {
        // Hazards between submissions are looked for by a mode that has no number among the features. In version 1.3.239 it
        // does not follow timeline semaphores: it keeps every access until the device is idle, and in a long run gets lost.
        if (std::strcmp(std::getenv("CAIRN_VULKAN_VALIDATION"), "submissions") == 0)
            ::setenv("VK_LAYER_ENABLES", "VALIDATION_CHECK_ENABLE_SYNCHRONIZATION_VALIDATION_QUEUE_SUBMIT", 0);
        layers.push_back(validation_layer);
        extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
        info.pNext = &features;
    }

    auto application = structure<VkApplicationInfo>(VK_STRUCTURE_TYPE_APPLICATION_INFO);
    application.pApplicationName = "cairn";
    application.apiVersion = VK_API_VERSION_1_2;
    info.pApplicationInfo = &application;
    info.enabledLayerCount = static_cast<std::uint32_t>(layers.size());
    info.ppEnabledLayerNames = layers.data();
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    const VkResult result = vk.CreateInstance(&info, nullptr, &handle);
    check(result != VK_ERROR_LAYER_NOT_PRESENT,
          "CAIRN_VULKAN_VALIDATION is set but the validation layer is missing; install it (Debian: "
          "vulkan-validationlayers) or unset the variable");
    check(result != VK_ERROR_INCOMPATIBLE_DRIVER,
          "no Vulkan driver on this machine; install the GPU vendor's, or Mesa's (Debian, Ubuntu: "
          "mesa-vulkan-drivers), or use --device cpu");
    succeeded(result, "vkCreateInstance");
#define CAIRN_VK_FIND(name) vk.name = reinterpret_cast<PFN_vk##name>(vk.GetInstanceProcAddr(handle, "vk" #name));
    CAIRN_VK_INSTANCE_FUNCTIONS(CAIRN_VK_FIND)
#undef CAIRN_VK_FIND
}

void Instance::listen() {
    const auto create_messenger = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
        vk.GetInstanceProcAddr(handle, "vkCreateDebugUtilsMessengerEXT"));
    auto info = structure<VkDebugUtilsMessengerCreateInfoEXT>(VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
    info.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    info.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    info.pfnUserCallback = on_message;
    info.pUserData = this;
    VkDebugUtilsMessengerEXT messenger = VK_NULL_HANDLE;
    succeeded(create_messenger(handle, &info, nullptr, &messenger), "vkCreateDebugUtilsMessengerEXT");
}

void Instance::find_devices() {
    devices = list_of<VkPhysicalDevice>(
        [&](std::uint32_t* count, VkPhysicalDevice* list) { return vk.EnumeratePhysicalDevices(handle, count, list); });
    const auto properties = [&](VkPhysicalDevice device) {
        VkPhysicalDeviceProperties found;
        vk.GetPhysicalDeviceProperties(device, &found);
        return found;
    };
    std::erase_if(devices, [&](VkPhysicalDevice device) { return properties(device).apiVersion < VK_API_VERSION_1_2; });
    std::stable_sort(devices.begin(), devices.end(), [&](VkPhysicalDevice a, VkPhysicalDevice b) {
        return rank(properties(a).deviceType) < rank(properties(b).deviceType);
    });
}

std::vector<std::string> Instance::take_messages() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
}

void Instance::add_message(std::string message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
}

VulkanDeviceInfo describe(const Instance& instance, VkPhysicalDevice device) {
    auto id = structure<VkPhysicalDeviceIDProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES);
    auto driver = structure<VkPhysicalDeviceDriverProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES, &id);
    auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, &driver);
    instance.vk.GetPhysicalDeviceProperties2(device, &properties);
    VkPhysicalDeviceMemoryProperties memory;
    instance.vk.GetPhysicalDeviceMemoryProperties(device, &memory);

    VulkanDeviceInfo info;
    const VkPhysicalDeviceLimits& limits = properties.properties.limits;
    info.name = properties.properties.deviceName;
    info.type = type_name(properties.properties.deviceType);
    info.software = properties.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    for (std::uint32_t k = 0; k < memory.memoryHeapCount; ++k)
        if ((memory.memoryHeaps[k].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0)
            info.memory = std::max<std::uint64_t>(info.memory, memory.memoryHeaps[k].size);
    info.driver = fmt::format("{} {}", driver.driverName, driver.driverInfo);
    for (const std::uint8_t byte : id.deviceUUID) info.uuid += fmt::format("{:02x}", byte);
    info.vulkan = version(properties.properties.apiVersion);
    info.max_tensor_bytes = limits.maxStorageBufferRange;
    info.max_group_size = limits.maxComputeWorkGroupInvocations;
    info.shared_memory = limits.maxComputeSharedMemorySize;
    info.buffer_alignment = limits.minStorageBufferOffsetAlignment;
    return info;
}

}  // namespace cairn::vulkan

namespace cairn {

std::vector<VulkanDeviceInfo> vulkan_devices() {
    std::vector<VulkanDeviceInfo> infos;
    try {
        const vulkan::Instance& instance = vulkan::Instance::get();
        for (const VkPhysicalDevice device : instance.devices) infos.push_back(vulkan::describe(instance, device));
    } catch (const Error&) {  // no Vulkan here; backend(Device::vulkan()) tells what to install
    }
    return infos;
}

std::vector<std::string> take_vulkan_messages() {
    return vulkan::Instance::exists() ? vulkan::Instance::get().take_messages() : std::vector<std::string>();
}

}  // namespace cairn
