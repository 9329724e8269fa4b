// conv2d_input_gradient: dx[n,u,v,c] = sum of dy[n,i,j,o] kernel[a,b,c,o] over the output's pixels (i, j) that
// read (u, v) by the tap (a, b). A gather, as an implicit matrix product with M = N H W, K = kh kw O, N = C: for each
// k = (a, b, o),
//   i = (u + pt - a) / sh and j = (v + pl - b) / sw, where these are whole numbers and the output has such a pixel
//   dy (N, OH, OW, O), kernel (kh, kw, C, O), dx (N, H, W, C)
#version 450
#include "gemm.glsl"
#include "conv2d_patches.glsl"

layout(constant_id = 8) const bool UNIT_STRIDES = true;
layout(binding = 0) readonly buffer Dy { float dy[]; };
layout(binding = 0) readonly buffer Dy4 { vec4 dy4[]; };
layout(binding = 1) readonly buffer Kernel { float kernel[]; };
layout(binding = 1) readonly buffer Kernel4 { vec4 kernel4[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push {
    Sizes given_size;
    Geometry given;
};

Geometry g;

shared ivec3 corners[TILE_M];  // of a row: where image n begins in dy, u + pt, v + pl

void prepare(uint first_row) {
    for (uint r = gl_LocalInvocationIndex; r < TILE_M; r += INVOCATIONS) {
        const uint row = first_row + r, u = row / g.W % g.H, v = row % g.W, n = row / g.W / g.H;
        corners[r] = has_row(row) ? ivec3(n * g.OH * g.OW * g.O, int(u) + g.pad_top, int(v) + g.pad_left) : NOWHERE;
    }
}

// Where the output's pixel lies in dy that the tap (a, b) leads to from the corner of a row, -1 if there is none.
int seen_at(ivec3 corner, int a, int b) {
    int i = corner.y - a, j = corner.z - b;
    bool seen = i >= 0 && j >= 0;
    if (!UNIT_STRIDES) {
        seen = seen && i % g.stride_h == 0 && j % g.stride_w == 0;
        i /= g.stride_h;
        j /= g.stride_w;
    }
    seen = seen && i < int(g.OH) && j < int(g.OW);
    return seen ? corner.x + (i * int(g.OW) + j) * int(g.O) : -1;
}

vec4 load_a(uint quad, uint row, uint k) {
    const uint cell = k / g.O, o = k % g.O;
    vec4 value;
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        const int at = seen_at(corners[4 * quad + r], int(cell / g.kw), int(cell % g.kw));
        const float read = dy[at >= 0 ? at + int(o) : 0];
        value[r] = at >= 0 ? read : 0.0;
    }
    return value;
}

// Four output channels of one tap.
mat4 load_a_block(uint quad, uint row, uint k) {
    const uint cell = k / g.O, o = k % g.O;
    mat4 block;
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        const int at = seen_at(corners[4 * quad + r], int(cell / g.kw), int(cell % g.kw));
        const vec4 read = dy4[at >= 0 ? (at + int(o)) / 4 : 0];
        block[r] = at >= 0 ? read : vec4(0);
    }
    return block;
}

// kernel[a,b,column,o]: neighbours along k, which runs over o first.
vec4 load_b(uint k, uint column) {
    const uint first = k / g.O * g.C, o = k % g.O;
    vec4 value;
    [[unroll]] for (uint r = 0; r < 4; ++r)
        value[r] = has_column(column + r) ? kernel[(first + column + r) * g.O + o] : 0.0;
    return value;
}

mat4 load_b_block(uint k, uint column) {
    const uint first = k / g.O * g.C, o = k % g.O;
    mat4 block;
    [[unroll]] for (uint r = 0; r < 4; ++r)
        block[r] = has_column(column + r) ? kernel4[((first + column + r) * g.O + o) / 4] : vec4(0);
    return block;
}

void store(uint row, uint column, vec4 sums[4]) {
    [[unroll]] for (uint r = 0; r < 4; ++r)
        [[unroll]] for (uint q = 0; q < 4; ++q)
            if (has_row(row + r) && has_column(column + q)) dx[(row + r) * size.N + column + q] = sums[r][q];
}

void main() {
    g = geometry(given);
    gemm(given_size);
}
