// dx[n,u,v,k] = sum of dy[n,i,j,o] kernel[a,b,c,o] over the i, j, a, b that meet at (u, v) and the outputs o of k's group, where
// k = o / OG * CG + c; see conv2d_grouped.glsl
//   dy (N, OH, OW, O), kernel (kh, kw, CG, O) -> dx (N, H, W, C)
// A gather, one invocation for each number: element (a, b) is met where i = (u + pt - a*dh) / sh is a whole number.
#version 450
#include "elements.glsl"
#include "conv2d_grouped.glsl"

layout(binding = 0) readonly buffer Dy { float dy[]; };
layout(binding = 1) readonly buffer Kernel { float kernel[]; };
layout(binding = 2) writeonly buffer Dx { float dx[]; };

void main() {
    const uint at = flat_index();
    if (at >= p.n) return;
    const uint k = at % p.C, v = at / p.C % p.W, u = at / p.C / p.W % p.H, n = at / p.C / p.W / p.H;
    const uint c = k % p.CG, first = k / p.CG * p.OG;

    float sum = 0;
    for (uint a = 0; a < p.kh; ++a) {
        const int row = int(u) + p.pad_top - int(a) * p.dilation_h;
        if (row < 0 || row % p.stride_h != 0 || row / p.stride_h >= int(p.OH)) continue;
        for (uint b = 0; b < p.kw; ++b) {
            const int column = int(v) + p.pad_left - int(b) * p.dilation_w;
            if (column < 0 || column % p.stride_w != 0 || column / p.stride_w >= int(p.OW)) continue;
            const uint output_pixel = (n * p.OH + uint(row / p.stride_h)) * p.OW + uint(column / p.stride_w);
            const uint from = output_pixel * p.O + first, element = ((a * p.kw + b) * p.CG + c) * p.O + first;
            for (uint o = 0; o < p.OG; ++o) sum += dy[from + o] * kernel[element + o];
        }
    }
    dx[at] = sum;
}
