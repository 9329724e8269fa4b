// m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2      w = w - step_size m / (sqrt(v) + epsilon)
// for all n parameters of the arenas at once; nothing changes where the gate is 0.
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Gradient { float gradient[]; };
layout(binding = 1) buffer M { float m[]; };
layout(binding = 2) buffer V { float v[]; };
layout(binding = 3) buffer Weights { float w[]; };
layout(binding = 4) readonly buffer Gate { int gate; };
layout(push_constant) uniform Push {
    uint n, gated;
    float step_size, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n || (p.gated != 0 && gate == 0)) return;
    const float g = gradient[i];
    const float mean = p.beta1 * m[i] + p.one_minus_beta1 * g;
    const float square = p.beta2 * v[i] + p.one_minus_beta2 * g * g;
    m[i] = mean;
    v[i] = square;
    w[i] -= p.step_size * mean / (sqrt(square) + p.epsilon);
}
