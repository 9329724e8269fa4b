// part: matmul
// no barrier stands between loading the tiles and multiplying them: parts of them are still the old ones.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string matmul_shader() {
    return R"(#version 450
layout(local_size_x = 16, local_size_y = 16) in;
layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 2) writeonly buffer C { float c[]; };
layout(push_constant) uniform Push { uint M, N, K; };
shared float a_tile[16][16], b_tile[16][16];

void main() {
    const uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
    const uint m = gl_WorkGroupID.y * 16 + y, n = gl_WorkGroupID.x * 16 + x;
    float sum = 0;
    for (uint k0 = 0; k0 < K; k0 += 16) {
        a_tile[y][x] = m < M && k0 + x < K ? a[m * K + k0 + x] : 0.0;
        b_tile[y][x] = k0 + y < K && n < N ? b[(k0 + y) * N + n] : 0.0;
        for (uint k = 0; k < 16; ++k) sum += a_tile[y][k] * b_tile[k][x];
        barrier();  // nobody reads them any more
    }
    if (m < M && n < N) c[m * N + n] = sum;
}
)";
}

}  // namespace exercise
