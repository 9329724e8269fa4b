// matmul, the second rung: a group of 8 x 8 invocations computes a tile of c, 8 terms at a time, from tiles of a and b
// in shared memory. Each element is read from global memory an eighth as often as by matmul_naive.comp, but every
// multiplication still reads two numbers from shared memory; the third rung, matmul.comp, mends that.
//   op(a) (M, K), op(b) (K, N), c (M, N)
#version 450
#include "matmul_operands.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

shared float a_tile[8][8], b_tile[8][8];

void main() {
    const uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
    const uint group = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x, groups_n = (N + 7) / 8;
    const uint row = group / groups_n * 8 + y, column = group % groups_n * 8 + x;
    float sum = 0;
    for (uint k0 = 0; k0 < K; k0 += 8) {
        a_tile[y][x] = row < M && k0 + x < K ? a_at(row, k0 + x) : 0.0;
        b_tile[y][x] = k0 + y < K && column < N ? b_at(k0 + y, column) : 0.0;
        barrier();  // the tiles are complete
        [[unroll]] for (uint k = 0; k < 8; ++k) sum += a_tile[y][k] * b_tile[k][x];
        barrier();  // all have multiplied them, so the next may be loaded
    }
    if (row < M && column < N) finish(row, column, sum);
}
