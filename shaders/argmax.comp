// y[b] = the first c at which x[b,c] is largest, NaN being larger than any number
//   x (B, C) -> y int32 (B); one invocation a row
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { int y[]; };
layout(push_constant) uniform Push { uint B, C; } p;

void main() {
    const uint b = flat_index();
    if (b >= p.B) return;
    uint best = 0;
    for (uint c = 1; c < p.C; ++c) {
        if (is_larger(x[b * p.C + c], x[b * p.C + best])) best = c;
    }
    y[b] = int(best);
}
