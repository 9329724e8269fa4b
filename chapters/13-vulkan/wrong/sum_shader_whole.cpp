// part: sum_shader
// every workgroup sums all of x: its share is what begins at gl_GlobalInvocationID.x, with a stride of all invocations.
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
    const uint lane = gl_LocalInvocationID.x, step = 64;
    float sum = 0;
    for (uint i = lane; i < n; i += step) sum += x[i];
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
