// y[i] = bits[i] >= threshold ? scale * x[i] : 0      x, y (n); y may be x
// bits[i] is random number i of the key, word i % 4 of block i / 4: an invocation draws a block and serves four elements.
#version 450
#include "elements.glsl"
#include "philox.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push {
    uint n;
    uint seed_low, seed_high, stream, step;
    uint threshold;
    float scale;
} p;

void main() {
    const uint block = flat_index();
    if (block >= (p.n + 3) / 4) return;
    const uvec4 bits = philox4x32(uvec4(block, p.step, p.stream, 0), uvec2(p.seed_low, p.seed_high));
    for (uint word = 0; word < 4; ++word) {
        const uint i = 4 * block + word;
        if (i < p.n) y[i] = bits[word] >= p.threshold ? p.scale * x[i] : 0.0;
    }
}
