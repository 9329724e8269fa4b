// y[m,c] = gamma[c] (x[m,c] - mean[c]) / sqrt(variance[c] + epsilon) + beta[c]
//   x, y (M, C); the others (C); y may be x
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Mean { float mean[]; };
layout(binding = 2) readonly buffer Variance { float variance[]; };
layout(binding = 3) readonly buffer Gamma { float gamma[]; };
layout(binding = 4) readonly buffer Beta { float beta[]; };
layout(binding = 5) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n, C;
    float epsilon;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const uint c = i % p.C;
    y[i] = gamma[c] / sqrt(variance[c] + p.epsilon) * (x[i] - mean[c]) + beta[c];
}
