#version 450
// y[m,c] = gamma[c] (x[m,c] - mean[c]) / sqrt(variance[c] + epsilon) + beta[c]
//   x, y (M, C); the others (C); y may be x
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Mean { float mean[]; };
layout(std430, binding = 2) readonly buffer Variance { float variance[]; };
layout(std430, binding = 3) readonly buffer Gamma { float gamma[]; };
layout(std430, binding = 4) readonly buffer Beta { float beta[]; };
layout(std430, binding = 5) writeonly buffer Y { float y[]; };
layout(push_constant, std430) uniform Push {
    uint n, C;
    float epsilon;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const uint c = i % p.C;
    y[i] = gamma[c] / sqrt(variance[c] + p.epsilon) * (x[i] - mean[c]) + beta[c];
}
