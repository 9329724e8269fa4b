#version 450
// y[i] = op(x[i])      op: exp, log, sqrt, square, relu      x, y (n); y may be x
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(constant_id = 0) const uint op = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant, std430) uniform Push { uint n; } p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float v = x[i];
    precise float result = 0;
    switch (op) {
        case 0: result = exp(v); break;
        case 1: result = log(v); break;
        case 2: result = sqrt(v); break;
        case 3: result = v * v; break;
        case 4: result = is_positive(v) ? v : 0.0; break;
    }
    y[i] = result;
}
