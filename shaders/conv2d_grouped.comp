// y[n,i,j,o] = activation(sum over a, b, c of x[n, u, v, o / OG * CG + c] kernel[a,b,c,o] + bias[o]), see conv2d_grouped.glsl
//   x (N, H, W, C), kernel (kh, kw, CG, O), bias (O) -> y (N, OH, OW, O)
// One invocation for each number: neighbours read neighbouring channels where every group is a channel.
#version 450
#include "elements.glsl"
#include "conv2d_grouped.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Kernel { float kernel[]; };
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(binding = 3) readonly buffer Bias { float bias[]; };

void main() {
    const uint at = flat_index();
    if (at >= p.n) return;
    const uint o = at % p.O, j = at / p.O % p.OW, i = at / p.O / p.OW % p.OH, n = at / p.O / p.OW / p.OH;
    const uint first = o / p.OG * p.CG;

    float sum = 0;
    for (uint a = 0; a < p.kh; ++a) {
        const int u = int(i) * p.stride_h - p.pad_top + int(a) * p.dilation_h;
        if (u < 0 || u >= int(p.H)) continue;
        for (uint b = 0; b < p.kw; ++b) {
            const int v = int(j) * p.stride_w - p.pad_left + int(b) * p.dilation_w;
            if (v < 0 || v >= int(p.W)) continue;
            const uint pixel = ((n * p.H + uint(u)) * p.W + uint(v)) * p.C + first;
            const uint element = (a * p.kw + b) * p.CG * p.O + o;
            for (uint c = 0; c < p.CG; ++c) sum += x[pixel + c] * kernel[element + c * p.O];
        }
    }
    if ((p.flags & 1) != 0) sum += bias[o];
    y[at] = (p.flags & 2) != 0 ? relu(sum) : sum;
}
