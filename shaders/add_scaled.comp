// y[i] = keep y[i] + take x[i]      x, y (n): y += alpha x, and the moving averages
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n;
    float keep, take;
} p;

void main() {
    const uint i = flat_index();
    if (i < p.n) y[i] = p.keep * y[i] + p.take * x[i];
}
