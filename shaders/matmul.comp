// matmul, the third rung (register blocking) of the ladder in bench/ladder/vulkan_matmul/, and a dense layer's products:
//   c = op(a) op(b), c += op(a) op(b), or c = activation(op(a) op(b) + bias)
//   op(a) (M, K), op(b) (K, N), c (M, N), bias (N)
// An operand that is a gradient dy is read as dz = dy where y > 0, else 0, so that ReLU's backward takes no pass of its
// own. op(a) may have a last row of ones besides: its products are the sums of op(b)'s columns, a dense layer's dbias.
#version 450
#include "gemm.glsl"
#include "gemm_epilogue.glsl"
#include "numbers.glsl"
#include "quads.glsl"

layout(constant_id = 8) const uint MASKED = 0;  // 1: a is dy, 2: b is dy
layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 0) readonly buffer A4 { vec4 a4[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 1) readonly buffer B4 { vec4 b4[]; };
layout(binding = 2) buffer C { float c[]; };  // (parts, M, N) where K is cut into parts
layout(binding = 3) readonly buffer Bias { float bias[]; };
layout(binding = 4) readonly buffer Y { float y[]; };
layout(binding = 4) readonly buffer Y4 { vec4 y4[]; };
layout(binding = 5) writeonly buffer ColumnSums { float column_sums[]; };
layout(push_constant) uniform Push {
    Sizes given_size;  // M counts the row of ones
    uint a_rows;  // M without it
    uint c_rows;  // M where K is cut into parts, else a_rows
    uint flags;   // none where K is cut into parts
};

QUAD_READER(quad_of_a, a, a4, WHOLE_M)
QUAD_READER(quad_of_b, b, b4, WHOLE_N)
QUAD_READER(quad_of_y, y, y4, WHOLE_N)

void prepare(uint first_row) {}

// Four terms of each of four rows; a mask comes from y, which is (M, K) too.
mat4 load_a_block(uint quad, uint row, uint k) {
    mat4 block;
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        const uint at = row + r < a_rows ? ((row + r) * size.K + k) / 4 : 0;
        block[r] = row + r < a_rows ? a4[at] : vec4(row + r == a_rows ? 1 : 0);
        if (MASKED != 1 || row + r >= a_rows) continue;
        const vec4 sign = y4[at];
        [[unroll]] for (uint q = 0; q < 4; ++q) block[r][q] = is_positive(sign[q]) ? block[r][q] : 0.0;
    }
    return block;
}

mat4 load_b_block(uint k, uint column) {
    mat4 block;
    [[unroll]] for (uint r = 0; r < 4; ++r)
        block[r] = has_column(column + r) ? b4[((column + r) * size.K + k) / 4] : vec4(0);
    return block;
}

// a is (M, K), its neighbours along K; or (K, M), read by quads.
vec4 load_a(uint quad, uint row, uint k) {
    vec4 value = vec4(0);
    if (A_ALONG_K) {
        [[unroll]] for (uint r = 0; r < 4; ++r) {
            const uint at = row + r < a_rows ? (row + r) * size.K + k : 0;
            value[r] = row + r < a_rows && (MASKED != 1 || is_positive(y[at])) ? a[at] : 0.0;
        }
    } else {
        value = quad_of_a(k, row, a_rows);
    }
    if (row + 4 > a_rows) {  // the row of ones, if there is one; what lies behind it is not stored
        [[unroll]] for (uint r = 0; r < 4; ++r)
            if (row + r == a_rows) value[r] = 1;
    }
    return value;
}

// b is (K, N), read by quads; or (N, K), its neighbours along K.
vec4 load_b(uint k, uint column) {
    if (!B_ALONG_K) {
        vec4 value = quad_of_b(k, column, size.N);
        if (MASKED == 2) {
            const vec4 sign = quad_of_y(k, column, size.N);
            [[unroll]] for (uint q = 0; q < 4; ++q) value[q] = is_positive(sign[q]) ? value[q] : 0.0;
        }
        return value;
    }
    vec4 value;
    [[unroll]] for (uint r = 0; r < 4; ++r) value[r] = has_column(column + r) ? b[(column + r) * size.K + k] : 0.0;
    return value;
}

void store(uint row, uint column, vec4 sums[4]) {
    const uint part = gl_WorkGroupID.z * size.M * size.N;
    [[unroll]] for (uint q = 0; q < 4; ++q) {
        if (!has_column(column + q)) continue;
        const float shift = (flags & ADD_BIAS) != 0 ? bias[column + q] : 0.0;
        float last = 0;  // of the row of ones, if it is among these
        [[unroll]] for (uint r = 0; r < 4; ++r) {
            const uint at = part + (row + r) * size.N + column + q;
            float z = sums[r][q];
            if (row + r == c_rows) last = z;
            if (row + r >= c_rows) continue;
            if ((flags & ADD_BIAS) != 0) z += shift;
            if ((flags & ACCUMULATE) != 0) z += c[at];
            c[at] = activate(flags, z);
        }
        if (c_rows < size.M && row <= c_rows && row + 4 > c_rows) column_sums[column + q] = last;
    }
}

void main() { gemm(given_size); }
