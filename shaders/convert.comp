// convert: y[i] = x[i] / divisor
//   x (size) float32, int32 or uint8, read as words of 32 bits; y (size) float32.
#version 450
#include "common.glsl"

layout(local_size_x = 256) in;

layout(constant_id = 0) const uint kind = 0;  // of x: 0 float32, 1 int32, 2 uint8, four to a word
layout(set = 0, binding = 0) readonly buffer X { uint x[]; };
layout(set = 0, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint size;
    float divisor;
};

float element(uint i) {
    if (kind == 0) return uintBitsToFloat(x[i]);
    if (kind == 1) return float(int(x[i]));
    return float(x[i / 4] >> (8 * (i % 4)) & 0xffu);
}

void main() {
    const uint i = flat_index();
    if (i < size) y[i] = element(i) / divisor;
}
