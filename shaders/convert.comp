// y[i] = x[i] / divisor      x (n) float32, int32 or uint8, read as words of 32 bits; y (n) float32
#version 450
#include "elements.glsl"

layout(constant_id = 0) const uint kind = 0;  // of x: 0 float32, 1 int32, 2 uint8, four to a word
layout(binding = 0) readonly buffer X { uint x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n;
    float divisor;
} p;

float element(uint i) {
    if (kind == 0) return uintBitsToFloat(x[i]);
    if (kind == 1) return float(int(x[i]));
    return float(x[i / 4] >> (8 * (i % 4)) & 0xffu);
}

void main() {
    const uint i = flat_index();
    if (i < p.n) y[i] = element(i) / p.divisor;
}
