// The shaders as SPIR-V, compiled and embedded by cmake/shaders.cmake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace cairn::vulkan {

struct Shader {
    std::string_view name;  // "max_pool2d": shaders/max_pool2d.comp
    const std::uint32_t* words;
    std::size_t bytes;
};

std::span<const Shader> embedded_shaders();  // in alphabetical order

}  // namespace cairn::vulkan
