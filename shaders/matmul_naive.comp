// matmul, the first rung: one invocation computes one c[m][n] = sum over k of op(a)[m][k] op(b)[k][n].
//   op(a) (M, K), op(b) (K, N), c (M, N)
// It reads every element of a N times and every element of b M times from global memory.
#version 450
#include "matmul_operands.glsl"

layout(local_size_x = 128) in;

void main() {
    const uint i = flat_index();
    if (i >= M * N) return;
    float sum = 0;
    for (uint k = 0; k < K; ++k) sum += a_at(i / N, k) * b_at(k, i % N);
    finish(i / N, i % N, sum);
}
