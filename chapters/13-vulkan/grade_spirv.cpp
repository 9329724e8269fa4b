#include "chapters/13-vulkan/grade_spirv.h"

namespace cairn::course {

namespace {

// Numbers of the SPIR-V specification.
enum Instruction : std::uint32_t {
    execution_mode = 16,
    capability = 17,
    variable = 59,
    first_atomic = 227,  // OpAtomicLoad … OpAtomicXor
    last_atomic = 242,
    atomic_float_min = 5614,
    atomic_float_max = 5615,
    atomic_float_add = 6035
};
constexpr std::uint32_t local_size_mode = 17, workgroup_storage = 4;
constexpr std::uint32_t shader_capability = 1, first_subgroup = 61, last_subgroup = 68;

bool is_atomic(std::uint32_t code) {
    return (code >= first_atomic && code <= last_atomic) || code == atomic_float_min || code == atomic_float_max ||
           code == atomic_float_add;
}

}  // namespace

ShaderFacts facts_of(std::span<const std::uint32_t> spirv) {
    ShaderFacts facts;
    // Five words of header, then instructions, each led by its length << 16 | its code.
    for (std::size_t at = 5; at < spirv.size() && spirv[at] >> 16 > 0; at += spirv[at] >> 16) {
        const std::uint32_t code = spirv[at] & 0xffff;
        const std::span<const std::uint32_t> words = spirv.subspan(at);
        if (is_atomic(code)) ++facts.atomics;
        if (code == variable) facts.shared = facts.shared || words[3] == workgroup_storage;
        if (code == execution_mode && words[2] == local_size_mode)
            for (std::size_t axis = 0; axis < 3; ++axis) facts.local_size[axis] = words[3 + axis];
        if (code != capability || words[1] == shader_capability) continue;
        if (words[1] < first_subgroup || words[1] > last_subgroup) facts.strange_capability = words[1];
    }
    return facts;
}

}  // namespace cairn::course
