// part: matmul
// it is right, without tiles: each invocation reads its row and its column from global memory.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string matmul_shader() {
    return R"(#version 450
layout(local_size_x = 16, local_size_y = 16) in;
layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 2) writeonly buffer C { float c[]; };
layout(push_constant) uniform Push { uint M, N, K; };

void main() {
    const uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
    const uint m = gl_WorkGroupID.y * 16 + y, n = gl_WorkGroupID.x * 16 + x;
    float sum = 0;
    if (m >= M || n >= N) return;
    for (uint k = 0; k < K; ++k) sum += a[m * K + k] * b[k * N + n];
    c[m * N + n] = sum;
}
)";
}

}  // namespace exercise
