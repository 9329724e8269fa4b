// by norm:  x[i] = x[i] min(1, limit / sqrt(squares)), NaN where squares is not finite
// by value: x[i] = min(max(x[i], -limit), limit), NaN stays NaN
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Squares { float squares; };
layout(binding = 1) buffer X { float x[]; };
layout(push_constant) uniform Push {
    uint n, by_norm;
    float limit;
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n || is_nan(x[i])) return;
    const float v = x[i];
    if (p.by_norm != 0) {
        const float norm = sqrt(squares);
        if (!is_finite(squares)) x[i] = uintBitsToFloat(0x7fc00000u);
        else if (norm > p.limit) x[i] = v * (p.limit / norm);
    } else if (v > p.limit) {
        x[i] = p.limit;
    } else if (v < -p.limit) {
        x[i] = -p.limit;
    }
}
