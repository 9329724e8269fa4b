// Compiles a compute shader in GLSL while the program runs, by glslc, which built cairn's own shaders.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::course {

// The words of SPIR-V. Throws Error with the compiler's messages, each with its line of the shader, where it does not compile or
// spirv-val refuses it, and where there is no glslc.
std::vector<std::uint32_t> compile_glsl(const std::string& source);

// Why shaders cannot run here, and what to install: no Vulkan in this build, no driver, no glslc; empty if they can.
std::string no_shaders_because();

}  // namespace cairn::course
