// NullDevice: Mesa's RADV without a GPU. With RADV_FORCE_FAMILY in the environment the driver compiles shaders for that GPU and
// runs nothing, and VK_KHR_pipeline_executable_properties tells what became of them.
#pragma once

#include "cairn/backend/vulkan/shaders.h"

#include <vulkan/vulkan.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cairn::bench {

struct Compiled {
    std::uint32_t wave = 0;                           // invocations that run together
    std::map<std::string, std::uint64_t> statistics;  // of the driver: "VGPRs", "Spilled SGPRs", …
    std::string assembly;
};

class NullDevice {
public:
    // Throws Error where the driver is not there.
    NullDevice();
    ~NullDevice();
    NullDevice(const NullDevice&) = delete;
    NullDevice& operator=(const NullDevice&) = delete;

    const std::string& name() const { return name_; }
    Compiled compile(const vulkan::Shader& shader, const std::vector<std::uint32_t>& constants, std::uint32_t bindings);

private:
    VkPipeline make_pipeline(const vulkan::Shader& shader, const std::vector<std::uint32_t>& constants,
                             std::uint32_t bindings);
    template <typename Function>
    Function find(const char* name) const;

    void* library_ = nullptr;
    PFN_vkGetInstanceProcAddr get_ = nullptr;
    VkInstance instance_ = VK_NULL_HANDLE;
    VkDevice device_ = VK_NULL_HANDLE;
    std::string name_;
};

}  // namespace cairn::bench
