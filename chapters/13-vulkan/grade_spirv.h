// What a compiled shader says of itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cairn::course {

struct ShaderFacts {
    std::uint32_t strange_capability = 0;  // one that needs an extension of the device; 0: there is none
    int atomics = 0;
    bool shared = false;  // has variables in shared memory
    std::uint32_t local_size[3] = {1, 1, 1};
};

ShaderFacts facts_of(std::span<const std::uint32_t> spirv);

}  // namespace cairn::course
