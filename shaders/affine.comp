// y[i] = scale x[i] + shift      x, y (n); y may be x
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n;
    float scale, shift;
} p;

void main() {
    const uint i = flat_index();
    if (i < p.n) y[i] = p.scale * x[i] + p.shift;
}
