// The geometry of convolutions with groups or dilation: x (N, H, W, C), kernel (kh, kw, CG, O), y (N, OH, OW, O), where a group
// has CG channels and OG outputs. Output o meets the channels o / OG * CG + c, and output (i, j) and element (a, b) of the
// kernel meet at the pixel u = i*sh - pt + a*dh, v = j*sw - pl + b*dw.
#include "numbers.glsl"

layout(push_constant) uniform Push {
    uint n;  // numbers that are computed
    uint N, H, W, C;
    uint OH, OW, O;
    uint CG, OG;
    uint kh, kw;
    int stride_h, stride_w, pad_top, pad_left, dilation_h, dilation_w;
    uint flags;  // 1: there is a bias; 2: ReLU
} p;
