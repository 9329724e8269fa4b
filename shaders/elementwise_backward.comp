// dx[i] = dy[i] op'(x[i]), with x or y = op(x), whichever the formula reads:      all (n); dx may be dy
//   exp: dy y   log: dy / x   sqrt: dy / (2 y)   square: 2 dy x   relu: y > 0 ? dy : 0
#version 450
#include "elements.glsl"

layout(constant_id = 0) const uint op = 0;

layout(binding = 0) readonly buffer XorY { float x_or_y[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push { uint n; } p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const float v = x_or_y[i], d = dy[i];
    precise float result = 0;
    switch (op) {
        case 0: result = d * v; break;
        case 1: result = d / v; break;
        case 2: result = d / (2 * v); break;
        case 3: result = 2 * d * v; break;
        case 4: result = is_positive(v) ? d : 0.0; break;
    }
    dx[i] = result;
}
