// dx[n,u,v,c] = sum of dy[n,i,j,c] over the windows (i, j) whose argmax is (u, v)
//   dy, argmax (N, OH, OW, C) -> dx (N, H, W, C)
// A gather: every pixel looks at the windows that cover it, i*sh - pt <= u < i*sh - pt + window_h, so that nothing is
// added by two invocations at once.
//   With y (N, OH, OW, C), the pooled output of a ReLU: dy counts only where y > 0.
#version 450
#include "elements.glsl"
#include "pooling.glsl"

layout(binding = 0) readonly buffer Dy { float dy[]; };
layout(binding = 1) readonly buffer Argmax { int argmax[]; };
layout(binding = 2) readonly buffer Y { float y[]; };
layout(binding = 3) writeonly buffer Dx { float dx[]; };

// The windows along one axis that cover row u of the padded image: the first, and one behind the last.
uint first_window(uint u, uint window, uint stride) { return u < window ? 0 : (u - window) / stride + 1; }
uint end_of_windows(uint u, uint stride, uint count) { return min(count, u / stride + 1); }

void main() {
    const uint at = flat_index();
    if (at >= p.n) return;
    const uint c = at % p.C, v = at / p.C % p.W + p.pad_left, u = at / p.C / p.W % p.H + p.pad_top;
    const uint n = at / p.C / p.W / p.H;

    float sum = 0;
    for (uint i = first_window(u, p.window_h, p.stride_h); i < end_of_windows(u, p.stride_h, p.OH); ++i) {
        for (uint j = first_window(v, p.window_w, p.stride_w); j < end_of_windows(v, p.stride_w, p.OW); ++j) {
            const uint from = ((n * p.OH + i) * p.OW + j) * p.C + c;
            const uint mine = (u - i * p.stride_h) * p.window_w + v - j * p.stride_w;
            if (argmax[from] == int(mine) && (p.optional == 0 || is_positive(y[from]))) sum += dy[from];
        }
    }
    dx[at] = sum;
}
