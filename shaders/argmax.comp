#version 450
// y[b] = the first c at which x[b,c] is largest      x (B, C) -> y int32 (B); one invocation a row
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { int y[]; };
layout(push_constant, std430) uniform Push { uint B, C; } p;

void main() {
    const uint b = flat_index();
    if (b >= p.B) return;
    uint best = 0;
    for (uint c = 1; c < p.C; ++c) {
        if (greater(x[b * p.C + c], x[b * p.C + best])) best = c;
    }
    y[b] = int(best);
}
