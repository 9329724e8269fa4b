// count = number of rows b whose first maximum of x[b,:] is at the class, or at the first maximum of p[b,:]; a maximum is
// what argmax.comp finds
//   logits x (B, C), labels (B) or (B, C), count (); one workgroup, a row per invocation
#version 450
#include "rows.glsl"
#include "labels.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 2) writeonly buffer Count { float count; };

shared uint correct;

void main() {
    if (gl_LocalInvocationIndex == 0) correct = 0;
    barrier();
    uint mine = 0;
    for (uint b = gl_LocalInvocationIndex; b < p.B; b += group_size) {
        uint predicted = 0, actual = p.classes != 0 ? labels[b] : 0;
        for (uint c = 1; c < p.C; ++c) {
            if (is_larger(x[b * p.C + c], x[b * p.C + predicted])) predicted = c;
            if (p.classes == 0 && is_larger(probability(b, c), probability(b, actual))) actual = c;
        }
        if (predicted == actual) ++mine;
    }
    atomicAdd(correct, mine);
    barrier();
    if (gl_LocalInvocationIndex == 0) count = float(correct);
}
