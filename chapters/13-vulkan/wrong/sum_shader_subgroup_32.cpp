// part: sum_shader
// the levels of the tree are not parted by barriers. Within a subgroup they need not be, and old code takes a subgroup to
// have 32 invocations; on this device it has 4.
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
    if (lane < 32) {
        sums[lane] += sums[lane + 32];
        sums[lane] += sums[lane + 16];
        sums[lane] += sums[lane + 8];
        sums[lane] += sums[lane + 4];
        sums[lane] += sums[lane + 2];
        sums[lane] += sums[lane + 1];
    }
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0];
}
)";
}

}  // namespace exercise
