#version 450
// batch:  dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * (dy[m,c] - dbeta[c] / M - xhat[m,c] dgamma[c] / M)
// moving: dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * dy[m,c]
//   with xhat = (x - mean) / sqrt(variance + epsilon); x, dy, dx (M, C), sums (2, C) = dbeta, dgamma; the others (C)
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(constant_id = 0) const bool moving = false;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Dy { float dy[]; };
layout(std430, binding = 2) readonly buffer Mean { float mean[]; };
layout(std430, binding = 3) readonly buffer Variance { float variance[]; };
layout(std430, binding = 4) readonly buffer Gamma { float gamma[]; };
layout(std430, binding = 5) readonly buffer Sums { float sums[]; };
layout(std430, binding = 6) writeonly buffer Dx { float dx[]; };
layout(push_constant, std430) uniform Push {
    uint n, C;
    float epsilon, inverse_M;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const uint c = i % p.C;
    const float inverse_deviation = 1 / sqrt(variance[c] + p.epsilon);
    // In this order and no other: of a batch of one nothing may be left but the last term.
    precise float d = dy[i];
    if (!moving) {
        const float xhat = (x[i] - mean[c]) * inverse_deviation;
        d -= sums[c] * p.inverse_M;
        d -= xhat * sums[p.C + c] * p.inverse_M;
    }
    dx[i] = gamma[c] * inverse_deviation * d;
}
