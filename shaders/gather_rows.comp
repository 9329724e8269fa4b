// y[k,c] = x[rows[k],c], or NaN where x has no such row      x (R, C), rows (K), y (K, C)
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Rows { uint rows[]; };  // a negative row is a large one
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n, width, rows; } p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const uint row = rows[i / p.width], c = i % p.width;
    y[i] = row < p.rows ? x[row * p.width + c] : uintBitsToFloat(0x7fc00000u);
}
