// Sums by subgroups of any size; a matrix product with two pairs of tiles, so that one barrier a turn is enough; a sum whose parts
// are waited for instead of parted by a barrier.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string axpy_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; float a; };

void main() {
    // Neighbouring elements by turns of the whole dispatch, or a piece for each invocation: both are right.
    const uint all = gl_NumWorkGroups.x * gl_WorkGroupSize.x, piece = (n + all - 1) / all;
    const uint begin = gl_GlobalInvocationID.x * piece;
    for (uint i = begin; i < min(begin + piece, n); ++i) y[i] += a * x[i];
}
)";
}

std::string matmul_shader() {
    return R"(#version 450
layout(local_size_x = 16, local_size_y = 16) in;
layout(binding = 0) readonly buffer A { float a[]; };
layout(binding = 1) readonly buffer B { float b[]; };
layout(binding = 2) writeonly buffer C { float c[]; };
layout(push_constant) uniform Push { uint M, N, K; };
shared float a_tiles[2][16][16], b_tiles[2][16][16];

void main() {
    const uvec2 at = gl_LocalInvocationID.xy;
    const uint m = gl_GlobalInvocationID.y, n = gl_GlobalInvocationID.x;
    float sum = 0;
    for (uint turn = 0; turn * 16 < K; ++turn) {
        const uint which = turn % 2, k0 = turn * 16;
        a_tiles[which][at.y][at.x] = 0;
        b_tiles[which][at.y][at.x] = 0;
        if (m < M && k0 + at.x < K) a_tiles[which][at.y][at.x] = a[m * K + k0 + at.x];
        if (n < N && k0 + at.y < K) b_tiles[which][at.y][at.x] = b[(k0 + at.y) * N + n];
        barrier();
        for (uint k = 0; k < 16; ++k) sum += a_tiles[which][at.y][k] * b_tiles[which][k][at.x];
    }
    if (m < M && n < N) c[m * N + n] = sum;
}
)";
}

std::string sum_shader() {
    return R"(#version 450
#extension GL_KHR_shader_subgroup_arithmetic : require
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared float sums[64];

void main() {
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += gl_NumWorkGroups.x * 64) sum += x[i];
    sum = subgroupAdd(sum);
    if (subgroupElect()) sums[gl_SubgroupID] = sum;
    barrier();
    if (gl_LocalInvocationID.x > 0) return;
    sum = 0;
    for (uint i = 0; i < gl_NumSubgroups; ++i) sum += sums[i];
    y[gl_WorkGroupID.x] = sum;
}
)";
}

float sum(Queue& queue, Buffer x, std::size_t n) {
    const Buffer parts = queue.make_buffer(7), whole = queue.make_buffer(1);
    queue.dispatch(sum_shader(), {reads(x), writes(parts)}, 7, {static_cast<std::uint32_t>(n)});
    queue.submit();
    queue.wait();
    queue.dispatch(sum_shader(), {reads(parts), writes(whole)}, 1, {7});
    queue.submit();
    queue.wait();
    return queue.read(whole)[0];
}

}  // namespace exercise
