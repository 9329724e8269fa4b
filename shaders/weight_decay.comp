// w[i] = w[i] - rate mask[i] w[i], mask 1 where there is none; nothing changes where the gate is 0.
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Mask { float mask[]; };
layout(binding = 1) buffer Weights { float w[]; };
layout(binding = 2) readonly buffer Gate { int gate; };
layout(push_constant) uniform Push {
    uint n, gated, masked;
    float rate;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n || (p.gated != 0 && gate == 0)) return;
    const float share = p.masked != 0 ? p.rate * mask[i] : p.rate;
    w[i] -= share * w[i];
}
