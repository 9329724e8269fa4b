// The second rung: a group of 8 x 8 invocations computes a tile of c, 8 terms at a time, from tiles of a and b in shared
// memory. Each element is read from global memory an eighth as often as by naive.comp, but every multiplication
// still reads two numbers from shared memory; the third rung, shaders/matmul.comp, mends that by blocks in registers.
#version 450
#include "operands.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

shared float a_tile[8][8], b_tile[8][8];

void main() {
    const uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
    const uint group = flat_group(), groups_n = (p.N + 7) / 8;
    const uint m = group / groups_n * 8 + y, n = group % groups_n * 8 + x;
    float sum = 0;
    for (uint k0 = 0; k0 < p.K; k0 += 8) {
        a_tile[y][x] = m < p.M && k0 + x < p.K ? a[m * p.K + k0 + x] : 0.0;
        b_tile[y][x] = k0 + y < p.K && n < p.N ? b[(k0 + y) * p.N + n] : 0.0;
        barrier();  // the tiles are complete
        [[unroll]] for (uint k = 0; k < 8; ++k) sum += a_tile[y][k] * b_tile[k][x];
        barrier();  // all have multiplied them, so the next may be loaded
    }
    if (m < p.M && n < p.N) c[m * p.N + n] = sum;
}
