// dx[r,c] = sum of dy[k,c] over the k with rows[k] = r      dy (K, C), rows (K), dx (R, C)
// A gather: every element of dx looks at all k, so that nothing is added by two invocations at once and the order is fixed.
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer Dy { float dy[]; };
layout(binding = 1) readonly buffer Rows { uint rows[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push { uint n, width, count; } p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    const uint row = i / p.width, c = i % p.width;
    float sum = 0;
    for (uint k = 0; k < p.count; ++k)
        if (rows[k] == row) sum += dy[k * p.width + c];
    dx[i] = sum;
}
