// dkernel[a,b,c,o] = sum over n, i, j of x[n, u, v, o / OG * CG + c] dy[n,i,j,o], see conv2d_grouped.glsl
//   x (N, H, W, C), dy (N, OH, OW, O) -> dkernel (kh, kw, CG, O)
// A workgroup for each number: a depthwise kernel has few numbers, each of which is a long sum.
#version 450
#include "lanes.glsl"
#include "conv2d_grouped.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Dy { float dy[]; };
layout(binding = 2) writeonly buffer Dkernel { float dkernel[]; };

void main() {
    const uint at = flat_group();
    if (at >= p.n) return;  // all invocations of the group
    const uint o = at % p.O, c = at / p.O % p.CG, b = at / p.O / p.CG % p.kw, a = at / p.O / p.CG / p.kw;
    const uint k = o / p.OG * p.CG + c, lane = gl_LocalInvocationIndex;

    float mine = 0;
    for (uint pixel = lane; pixel < p.N * p.OH * p.OW; pixel += group_size) {
        const uint j = pixel % p.OW, i = pixel / p.OW % p.OH, n = pixel / p.OW / p.OH;
        const int u = int(i) * p.stride_h - p.pad_top + int(a) * p.dilation_h;
        const int v = int(j) * p.stride_w - p.pad_left + int(b) * p.dilation_w;
        if (u < 0 || u >= int(p.H) || v < 0 || v >= int(p.W)) continue;
        mine += x[((n * p.H + uint(u)) * p.W + uint(v)) * p.C + k] * dy[pixel * p.O + o];
    }
    const float sum = sum_over_lanes(mine, lane, group_size, 1);
    if (lane == 0) dkernel[at] = sum;
}
