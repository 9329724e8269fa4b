// y[n,i,j,c] = max over (a, b) of x[n, i*sh - pt + a, j*sw - pl + b, c]; padding is left out, NaN larger than any number
//   x (N, H, W, C) -> y (N, OH, OW, C), argmax int32 likewise, if wanted: a * window_w + b of the first maximum
#version 450
#include "elements.glsl"
#include "pooling.glsl"

layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(binding = 2) writeonly buffer Argmax { int argmax[]; };

void main() {
    const uint at = flat_index();
    if (at >= p.n) return;
    const int c = int(at % p.C), j = int(at / p.C % p.OW), i = int(at / p.C / p.OW % p.OH);
    const int n = int(at / p.C / p.OW / p.OH);
    const int top = i * int(p.stride_h) - int(p.pad_top), left = j * int(p.stride_w) - int(p.pad_left);
    const int H = int(p.H), W = int(p.W);

    float best = 0;
    int first = -1;
    for (int a = max(0, -top); a < min(int(p.window_h), H - top); ++a) {
        for (int b = max(0, -left); b < min(int(p.window_w), W - left); ++b) {
            const float value = x[((n * H + top + a) * W + left + b) * int(p.C) + c];
            if (first < 0 || is_larger(value, best)) {
                best = value;
                first = a * int(p.window_w) + b;
            }
        }
    }
    y[at] = best;
    if (p.optional != 0) argmax[at] = first;
}
