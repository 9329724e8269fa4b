// The rules of framework/backend/update_rules.h, where the formulas stand with their names, for all n parameters of the
// arenas at once; nothing changes where the gate is 0.
#version 450
#include "elements.glsl"

layout(constant_id = 0) const uint rule = 0;  // UpdateRule
const uint rmsprop = 0, adagrad = 1, lion = 2;

layout(binding = 0) readonly buffer Gradient { float gradient[]; };
layout(binding = 1) buffer Weights { float w[]; };
layout(binding = 2) readonly buffer Gate { int gate; };
layout(binding = 3) buffer Slot0 { float s0[]; };
layout(binding = 4) buffer Slot1 { float s1[]; };  // unused where the rule has fewer
layout(binding = 5) buffer Slot2 { float s2[]; };
layout(push_constant) uniform Push {
    uint n, gated;
    float lr;
    float c0, c1, c2, c3;              // the rule's constants,
    float rest0, rest1, rest2, rest3;  // and 1 - constant, taken in double
} p;

// rho = c0, momentum = c1, epsilon = c2, centered = c3
void step_rmsprop(uint i, float g) {
    const float square = p.c0 * s0[i] + p.rest0 * (g * g);
    s0[i] = square;
    float divisor = square + p.c2;
    if (p.c3 != 0) {
        const float mean = p.c0 * s1[i] + p.rest0 * g;
        s1[i] = mean;
        divisor = square - mean * mean + p.c2;
    }
    float change = p.lr * g / sqrt(divisor);
    if (p.c1 != 0) {
        change += p.c1 * (p.c3 != 0 ? s2[i] : s1[i]);
        if (p.c3 != 0) s2[i] = change;
        else s1[i] = change;
    }
    w[i] -= change;
}

// epsilon = c0
void step_adagrad(uint i, float g) {
    const float squares = s0[i] + g * g;
    s0[i] = squares;
    w[i] -= p.lr * g / sqrt(squares + p.c0);
}

// beta1 = c0, beta2 = c1
void step_lion(uint i, float g) {
    const float m = s0[i];
    const float direction = p.c0 * m + p.rest0 * g;
    w[i] -= p.lr * (is_nan(direction) ? direction : sign(direction));
    s0[i] = p.c1 * m + p.rest1 * g;
}

void main() {
    const uint i = flat_index();
    if (i >= p.n || (p.gated != 0 && gate == 0)) return;
    const float g = gradient[i];
    switch (rule) {
        case rmsprop: step_rmsprop(i, g); break;
        case adagrad: step_adagrad(i, g); break;
        case lion: step_lion(i, g); break;
    }
}
