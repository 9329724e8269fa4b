// The second stage of a product whose K was cut into parts, always in the same order, so that equal runs give equal
// bits:
//   c[i] = activation(sum over p of x[p][i] + bias[i mod N]), or c[i] += the sum      for i < size
//   column_sums[i - size] = the sum                                                   for the row of ones behind c
//   x (parts, size + the row of ones), c (size), bias and column_sums (N)
// A group has 32 elements with 4 invocations each: invocation s sums the parts s, s + 4, …
#version 450
#include "common.glsl"
#include "gemm_epilogue.glsl"

layout(local_size_x = group_size) in;

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer C { float c[]; };
layout(binding = 2) readonly buffer Bias { float bias[]; };
layout(binding = 3) writeonly buffer ColumnSums { float column_sums[]; };
layout(push_constant) uniform Push {
    uint parts;
    uint size, all;  // all: with the row of ones
    uint N;
    uint flags;
};

shared float partial[group_size];

void main() {
    const uint t = gl_LocalInvocationIndex;
    const uint i = flat_group() * 32 + t % 32;
    float sum = 0;
    if (i < all) {
        for (uint p = t / 32; p < parts; p += 4) sum += x[p * all + i];
    }
    partial[t] = sum;
    barrier();
    if (t >= 32 || i >= all) return;
    sum = (partial[t] + partial[t + 32]) + (partial[t + 64] + partial[t + 96]);
    if (i >= size) {
        column_sums[i - size] = sum;
    } else {
        if ((flags & ADD_BIAS) != 0) sum += bias[i % N];
        if ((flags & ACCUMULATE) != 0) sum += c[i];
        c[i] = activate(flags, sum);
    }
}
