// y[i] = op(x[i])      op: exp, log, sqrt, square, relu      x, y (n); y may be x
#version 450
#include "elements.glsl"

layout(constant_id = 0) const uint op = 0;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; } p;

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
        case 4: result = relu(v); break;
    }
    y[i] = result;
}
