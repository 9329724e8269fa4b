// dw[i] = factor dloss w[i], or dw[i] += … if accumulate      factor = 2 lambda; w, dw (n), dloss ()
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Weights { float w[]; };
layout(binding = 1) readonly buffer Dloss { float dloss; };
layout(binding = 2) buffer Dw { float dw[]; };
layout(push_constant) uniform Push {
    uint n, accumulate;
    float factor;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float change = p.factor * dloss * w[i];
    dw[i] = p.accumulate != 0 ? dw[i] + change : change;
}
