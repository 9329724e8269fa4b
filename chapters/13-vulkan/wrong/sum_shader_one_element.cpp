// part: sum_shader
// each invocation has one element: where x is longer than all workgroups together, the rest is left out.
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
    const uint lane = gl_LocalInvocationID.x;
    float sum = 0;
    if (gl_GlobalInvocationID.x < n) sum = x[gl_GlobalInvocationID.x];
    sums[lane] = sum;
    barrier();
    for (uint left = 32; left > 0; left /= 2) {
        if (lane < left) sums[lane] += sums[lane + left];
        barrier();
    }
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0];
}
)";
}

}  // namespace exercise
