// y[to(i)] = x[from(i)], or y[to(i)] += x[from(i)], for every index i of a shape whose axes are listed innermost first:
// from(i) = p.from + sum of the coordinates times their steps, to(i) alike. Steps may be 0, or negative: sums modulo 2^32.
//
// The elements are taken as bits, so that whole numbers and NaNs arrive as they are.
#version 450
#include "elements.glsl"

layout(constant_id = 0) const bool accumulate = false;

layout(binding = 0) readonly buffer X { uint x[]; };
layout(binding = 1) buffer Y { uint y[]; };
layout(push_constant) uniform Push {
    uint n, axes, from, to;
    uint size[6], from_step[6], to_step[6];
} p;

void main() {
    const uint i = flat_index();
    if (i >= p.n) return;
    uint rest = i, from = p.from, to = p.to;
    for (uint axis = 0; axis < p.axes; ++axis) {
        const uint coordinate = rest % p.size[axis];
        rest /= p.size[axis];
        from += coordinate * p.from_step[axis];
        to += coordinate * p.to_step[axis];
    }
    y[to] = accumulate ? floatBitsToUint(uintBitsToFloat(y[to]) + uintBitsToFloat(x[from])) : x[from];
}
