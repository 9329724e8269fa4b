// part: sum_shader
// the tree begins with 16 of the 64 sums: half of them are never added.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string sum_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared float sums[64];

void main() {
    const uint lane = gl_LocalInvocationID.x, step = gl_NumWorkGroups.x * 64;
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) sum += x[i];
    sums[lane] = sum;
    barrier();
    for (uint left = 16; left > 0; left /= 2) {
        if (lane < left) sums[lane] += sums[lane + left];
        barrier();
    }
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0];
}
)";
}

}  // namespace exercise
