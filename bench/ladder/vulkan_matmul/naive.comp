// The first rung: one invocation computes one c[m][n] = sum over k of a[m][k] b[k][n].
// It reads every element of a N times and every element of b M times from global memory.
#version 450
#include "operands.glsl"

layout(local_size_x = group_size) in;

void main() {
    const uint i = flat_index(), m = i / p.N, n = i % p.N;
    if (i >= p.M * p.N) return;
    float sum = 0;
    for (uint k = 0; k < p.K; ++k) sum += a[m * p.K + k] * b[k * p.N + n];
    c[i] = sum;
}
