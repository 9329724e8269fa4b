// The operands of the first two rungs: a (M, K), b (K, N), c (M, N).
#include "common.glsl"

layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 2) writeonly buffer C { float c[]; };
layout(push_constant) uniform Push {
    uint M, N, K;
} p;
