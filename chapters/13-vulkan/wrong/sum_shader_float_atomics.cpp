// part: sum_shader
// the sums are added by atomicAdd on floats, an extension that many GPUs lack; besides, the order, and so the last digits, changes from run to run.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string sum_shader() {
    return R"(#version 450
#extension GL_EXT_shader_atomic_float : require
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared float sums[64];

void main() {
    const uint lane = gl_LocalInvocationID.x, step = gl_NumWorkGroups.x * 64;
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) sum += x[i];
    if (lane == 0) sums[0] = 0;
    barrier();
    atomicAdd(sums[0], sum);
    barrier();
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0];
}
)";
}

}  // namespace exercise
