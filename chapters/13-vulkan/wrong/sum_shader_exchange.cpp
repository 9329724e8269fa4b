// part: sum_shader
// the sums are added by atomicCompSwap in a loop: the order in which the invocations succeed, and so the last digits, changes from run to run.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string sum_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared uint total;

void main() {
    const uint lane = gl_LocalInvocationID.x, step = gl_NumWorkGroups.x * 64;
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) sum += x[i];
    if (lane == 0) total = 0;
    barrier();
    uint before = total, seen;
    while ((seen = atomicCompSwap(total, before, floatBitsToUint(uintBitsToFloat(before) + sum))) != before) before = seen;
    barrier();
    if (lane == 0) y[gl_WorkGroupID.x] = uintBitsToFloat(total);
}
)";
}

}  // namespace exercise
