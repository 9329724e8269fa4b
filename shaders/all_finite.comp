// flag = 1 if every x[i] is finite, else 0      x (n), flag int32
//
// In one dispatch: `tally` starts from 0 and is 0 again at the end. Every group adds 1 to it once, and 2^16 if it saw a
// number that is not finite, so the group whose addition completes the count knows what all saw. Everything that one
// group learns from others passes through that one word: no order between memory accesses is needed.
#version 450
#include "elements.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Flag { int flag; };
layout(binding = 2) buffer Tally { uint tally; };
layout(push_constant) uniform Push { uint n; } p;

shared uint group_is_bad;

void main() {
    if (gl_LocalInvocationIndex == 0) group_is_bad = 0;
    barrier();
    bool finite = true;
    for (uint i = gl_GlobalInvocationID.x; i < p.n; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        finite = finite && is_finite(x[i]);
    }
    if (!finite) atomicOr(group_is_bad, 1u);
    barrier();
    if (gl_LocalInvocationIndex > 0) return;

    const uint seen = 1u + (group_is_bad << 16);
    const uint total = atomicAdd(tally, seen) + seen;
    if ((total & 0xffffu) == gl_NumWorkGroups.x) {
        flag = total >> 16 == 0 ? 1 : 0;
        atomicExchange(tally, 0u);
    }
}
