// conv2d_kernel_gradient: dkernel = patches(x)^T dy, an implicit matrix product with M = kh kw C, K = N OH OW, N = O.
//   x (N, H, W, C), dy (N, OH, OW, O), dkernel (kh, kw, C, O)
// The patches may have a last column of ones besides: its products are dbias[o] = sum of dy over n, i, j.
// K is long and M and N are short, so K is cut into parts; sum_parts.comp adds them.
#version 450
#include "gemm.glsl"
#include "conv2d_patches.glsl"
#include "quads.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 0) readonly buffer X4 { vec4 x4[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 1) readonly buffer Dy4 { vec4 dy4[]; };
layout(binding = 2) writeonly buffer Dkernel { float dkernel[]; };  // (parts, M, N) where there are several
layout(binding = 3) writeonly buffer Dbias { float dbias[]; };
layout(push_constant) uniform Push {
    Sizes given_size;  // M counts the column of ones
    Geometry given;
    uint taps;          // M without it
    uint dkernel_rows;  // M where K is cut into parts, else taps
};

Geometry g;

shared ivec3 tap_of[TILE_M];

QUAD_READER(quad_of_dy, dy, dy4, WHOLE_N)

void prepare(uint first_row) {
    for (uint r = gl_LocalInvocationIndex; r < TILE_M; r += INVOCATIONS)
        tap_of[r] = first_row + r < taps ? tap(g, first_row + r) : NOWHERE;
}

vec4 load_a(uint quad, uint row, uint k) {
    const ivec3 p = pixel(g, k);
    vec4 value;
    if (g.C % 4 == 0) {  // four channels of one tap
        const ivec3 element = tap_of[4 * quad] + p;
        const vec4 read = x4[inside(g, element) ? element.x / 4 : 0];
        value = inside(g, element) ? read : vec4(0);
    } else {
        [[unroll]] for (uint r = 0; r < 4; ++r) {
            const ivec3 element = tap_of[4 * quad + r] + p;
            const float read = x[inside(g, element) ? element.x : 0];
            value[r] = inside(g, element) ? read : 0.0;
        }
    }
    if (row + 4 > taps) {  // the column of ones, if there is one; what lies behind it is not stored
        [[unroll]] for (uint r = 0; r < 4; ++r)
            if (row + r == taps) value[r] = 1;
    }
    return value;
}

mat4 load_a_block(uint quad, uint row, uint k) { return mat4(0); }  // A_QUADS_ALONG_K is false
mat4 load_b_block(uint k, uint column) { return mat4(0); }  // B_QUADS_ALONG_K is false

vec4 load_b(uint k, uint column) { return quad_of_dy(k, column, size.N); }

void store(uint row, uint column, vec4 sums[4]) {
    const uint part = gl_WorkGroupID.z * size.M * size.N;
    [[unroll]] for (uint q = 0; q < 4; ++q) {
        if (!has_column(column + q)) continue;
        float last = 0;  // of the column of ones, if it is among these
        [[unroll]] for (uint r = 0; r < 4; ++r) {
            if (row + r == dkernel_rows) last = sums[r][q];
            if (row + r < dkernel_rows) dkernel[part + (row + r) * size.N + column + q] = sums[r][q];
        }
        if (dkernel_rows < size.M && row <= dkernel_rows && row + 4 > dkernel_rows) dbias[column + q] = last;
    }
}

void main() {
    g = geometry(given);
    gemm(given_size);
}
