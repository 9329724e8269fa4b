#version 450
// dw[i] = factor dloss w[i], or dw[i] += … if accumulate      factor = 2 lambda; w, dw (n), dloss ()
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(std430, binding = 0) readonly buffer Weights { float w[]; };
layout(std430, binding = 1) readonly buffer Dloss { float dloss; };
layout(std430, binding = 2) buffer Dw { float dw[]; };
layout(push_constant, std430) uniform Push {
    uint n, accumulate;
    float factor;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float change = p.factor * dloss * w[i];
    dw[i] = p.accumulate != 0 ? dw[i] + change : change;
}
