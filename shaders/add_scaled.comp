#version 450
// y[i] = keep y[i] + take x[i]      x, y (n): y += alpha x, and the moving averages
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) buffer Y { float y[]; };
layout(push_constant, std430) uniform Push {
    uint n;
    float keep, take;
} p;

void main() {
    const uint i = flat_index();
    if (i < p.n) y[i] = p.keep * y[i] + p.take * x[i];
}
