// The operands of the first two rungs of matmul: op(a) and op(b) are a and b, or their transposes.
#include "common.glsl"

layout(set = 0, binding = 0) readonly buffer A { float a[]; };
layout(set = 0, binding = 1) readonly buffer B { float b[]; };
layout(set = 0, binding = 2) buffer C { float c[]; };
layout(push_constant) uniform Push {
    uint M, N, K;
    uint transpose_a, transpose_b, accumulate;
};

float a_at(uint m, uint k) { return a[transpose_a != 0 ? k * M + m : m * K + k]; }
float b_at(uint k, uint n) { return b[transpose_b != 0 ? n * K + k : k * N + n]; }
void finish(uint m, uint n, float sum) { c[m * N + n] = accumulate != 0 ? c[m * N + n] + sum : sum; }
