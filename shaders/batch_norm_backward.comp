// batch:  dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * (dy[m,c] - dbeta[c] / M - xhat[m,c] dgamma[c] / M)
// moving: dx[m,c] = gamma[c] / sqrt(variance[c] + epsilon) * dy[m,c]
//   with xhat = (x - mean) / sqrt(variance + epsilon); x, dy, dx (M, C), sums (2, C) = dbeta, dgamma; the others (C)
#version 450
#include "elements.glsl"

layout(constant_id = 0) const bool moving = false;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) readonly buffer Mean { float mean[]; };
layout(binding = 3) readonly buffer Variance { float variance[]; };
layout(binding = 4) readonly buffer Gamma { float gamma[]; };
layout(binding = 5) readonly buffer Sums { float sums[]; };
layout(binding = 6) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push {
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
