// conv2d: y = activation(patches(x) kernel + bias), an implicit matrix product with M = N OH OW, K = kh kw C, N = O.
//   x (N, H, W, C), kernel (kh, kw, C, O), bias (O), y (N, OH, OW, O)
// With POOLED, the maximum of each 2 x 2 window is stored and the pixels are not:
//   y (N, OH / 2, OW / 2, O), argmax alike: 2 a + b of the first maximum
// There the rows of the product are ordered by windows, so that the four pixels of one are the four rows of a block of
// sums, which an invocation has in its registers.
#version 450
#include "gemm.glsl"
#include "conv2d_patches.glsl"
#include "gemm_epilogue.glsl"
#include "quads.glsl"

layout(constant_id = 8) const bool POOLED = false;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 0) readonly buffer X4 { vec4 x4[]; };
layout(binding = 1) readonly buffer Kernel { float kernel[]; };
layout(binding = 1) readonly buffer Kernel4 { vec4 kernel4[]; };
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(binding = 3) readonly buffer Bias { float bias[]; };
layout(binding = 4) writeonly buffer Argmax { int argmax[]; };
layout(push_constant) uniform Push {
    Sizes given_size;
    Geometry given;
    uint flags;
    uint keep_argmax;
};

Geometry g;

shared ivec3 pixels[TILE_M];

QUAD_READER(quad_of_kernel, kernel, kernel4, WHOLE_N)

ivec3 pixel_of_row(uint row) {
    if (!POOLED) return pixel(g, row);
    const uint window = row / 4, columns = g.OW / 2, rows = g.OH / 2;
    const uint i = 2 * (window / columns % rows) + row % 4 / 2, j = 2 * (window % columns) + row % 2;
    return pixel_at(g, window / columns / rows, i, j);
}

void prepare(uint first_row) {
    for (uint r = gl_LocalInvocationIndex; r < TILE_M; r += INVOCATIONS)
        pixels[r] = has_row(first_row + r) ? pixel_of_row(first_row + r) : NOWHERE;
}

vec4 load_a(uint quad, uint row, uint k) {
    const ivec3 t = tap(g, k);
    vec4 value;
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        const ivec3 element = pixels[4 * quad + r] + t;
        const float read = x[inside(g, element) ? element.x : 0];
        value[r] = inside(g, element) ? read : 0.0;
    }
    return value;
}

// Four channels of one tap.
mat4 load_a_block(uint quad, uint row, uint k) {
    const ivec3 t = tap(g, k);
    mat4 block;
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        const ivec3 element = pixels[4 * quad + r] + t;
        const vec4 read = x4[inside(g, element) ? element.x / 4 : 0];
        block[r] = inside(g, element) ? read : vec4(0);
    }
    return block;
}

mat4 load_b_block(uint k, uint column) { return mat4(0); }  // B_QUADS_ALONG_K is false

vec4 load_b(uint k, uint column) { return quad_of_kernel(k, column, size.N); }

void store(uint row, uint column, vec4 sums[4]) {
    [[unroll]] for (uint q = 0; q < 4; ++q) {
        if (!has_row(row) || !has_column(column + q)) continue;
        const float shift = (flags & ADD_BIAS) != 0 ? bias[column + q] : 0.0;
        float best = 0;
        uint first = 0;
        [[unroll]] for (uint r = 0; r < 4; ++r) {
            const float value = activate(flags, sums[r][q] + shift);
            if (!POOLED && has_row(row + r)) y[(row + r) * size.N + column + q] = value;
            if (r == 0 || is_larger(value, best)) {
                best = value;
                first = r;
            }
        }
        if (!POOLED) continue;
        const uint at = row / 4 * size.N + column + q;
        y[at] = best;
        if (keep_argmax != 0) argmax[at] = int(first);
    }
}

void main() {
    g = geometry(given);
    gemm(given_size);
}
