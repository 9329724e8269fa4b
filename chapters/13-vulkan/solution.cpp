// Chapter 13: one right answer.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string axpy_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; float a; };

void main() {
    const uint step = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) y[i] = a * x[i] + y[i];
}
)";
}

std::string brightness_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < n) y[i] = 0.299 * x[3 * i] + 0.587 * x[3 * i + 1] + 0.114 * x[3 * i + 2];
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
shared float a_tile[16][16], b_tile[16][16];

void main() {
    const uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
    const uint m = gl_WorkGroupID.y * 16 + y, n = gl_WorkGroupID.x * 16 + x;
    float sum = 0;
    for (uint k0 = 0; k0 < K; k0 += 16) {
        a_tile[y][x] = m < M && k0 + x < K ? a[m * K + k0 + x] : 0.0;
        b_tile[y][x] = k0 + y < K && n < N ? b[(k0 + y) * N + n] : 0.0;
        barrier();  // the tiles are complete
        for (uint k = 0; k < 16; ++k) sum += a_tile[y][k] * b_tile[k][x];
        barrier();  // nobody reads them any more
    }
    if (m < M && n < N) c[m * N + n] = sum;
}
)";
}

std::string sum_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };
shared float sums[64];

void main() {
    const uint lane = gl_LocalInvocationID.x, step = gl_NumWorkGroups.x * 64;
    float sum = 0;
    for (uint i = gl_GlobalInvocationID.x; i < n; i += step) sum += x[i];
    sums[lane] = sum;
    barrier();
    for (uint left = 32; left > 0; left /= 2) {
        if (lane < left) sums[lane] += sums[lane + left];
        barrier();
    }
    if (lane == 0) y[gl_WorkGroupID.x] = sums[0];
}
)";
}

float sum(Queue& queue, Buffer x, std::size_t n) {
    const std::size_t groups = 32;
    const Buffer parts = queue.make_buffer(groups), whole = queue.make_buffer(1);
    const std::string shader = sum_shader();
    queue.dispatch(shader, {reads(x), writes(parts)}, groups, {static_cast<std::uint32_t>(n)});
    queue.barrier();
    queue.dispatch(shader, {reads(parts), writes(whole)}, 1, {static_cast<std::uint32_t>(groups)});
    queue.submit();
    queue.wait();
    return queue.read(whole)[0];
}

Culprit culprit() { return {"batch_norm", "backward"}; }

}  // namespace exercise
