// The instance of Vulkan: the loader, the validation layer if asked for, and the devices in the order of their index.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/functions.h"

#include <mutex>
#include <string>
#include <vector>

namespace cairn::vulkan {

class Instance {
public:
    // The one instance of the program, made at first use and never destroyed. Throws Error where there is no Vulkan.
    static Instance& get();
    static bool exists() { return made_; }

    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    InstanceFunctions vk;
    VkInstance handle = VK_NULL_HANDLE;
    // Those with Vulkan 1.2: discrete GPUs first, then integrated and virtual ones, software last.
    std::vector<VkPhysicalDevice> devices;

    // What the validation layer said since the last call. It is switched on by CAIRN_VULKAN_VALIDATION=1 in the environment;
    // CAIRN_VULKAN_VALIDATION=submissions also finds missing barriers between two submissions, in short runs only.
    std::vector<std::string> take_messages();
    void add_message(std::string message);

private:
    Instance();
    void open_loader();
    void create();
    void listen();  // to the validation layer
    void find_devices();

    static inline bool made_ = false;
    bool validation_ = false;
    std::mutex mutex_;
    std::vector<std::string> messages_;
};

VulkanDeviceInfo describe(const Instance& instance, VkPhysicalDevice device);

}  // namespace cairn::vulkan
