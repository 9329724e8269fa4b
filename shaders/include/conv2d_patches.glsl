// The image x (N, H, W, C) seen as the matrix of its patches, which is never stored: a row for each pixel
// p = (n, i, j) of the output, a column for each tap t = (a, b, c) of the kernel:
//   patch[p][t] = x[n, i*sh - pt + a, j*sw - pl + b, c], 0 outside of the image
// A pixel and a tap are each an offset into x and a row and a column of the image; their sum is the element that the kernel
// reads.
#ifndef CAIRN_CONV2D_PATCHES
#define CAIRN_CONV2D_PATCHES

struct Geometry {
    uint H, W, C;
    uint OH, OW, O;
    uint kw;
    int stride_h, stride_w;
    int pad_top, pad_left;
};

// Of a layer that repeats they are constants. FIXED is gemm.glsl's.
#ifdef CAIRN_GEMM
layout(constant_id = 14) const uint FIXED_H = 1;
layout(constant_id = 15) const uint FIXED_W = 1;
layout(constant_id = 16) const uint FIXED_C = 1;
layout(constant_id = 17) const uint FIXED_OH = 1;
layout(constant_id = 18) const uint FIXED_OW = 1;
layout(constant_id = 19) const uint FIXED_O = 1;
layout(constant_id = 20) const uint FIXED_KW = 1;
layout(constant_id = 21) const int FIXED_STRIDE_H = 1;
layout(constant_id = 22) const int FIXED_STRIDE_W = 1;
layout(constant_id = 23) const int FIXED_PAD_TOP = 0;
layout(constant_id = 24) const int FIXED_PAD_LEFT = 0;

Geometry geometry(Geometry given) {
    return FIXED ? Geometry(FIXED_H, FIXED_W, FIXED_C, FIXED_OH, FIXED_OW, FIXED_O, FIXED_KW, FIXED_STRIDE_H,
                            FIXED_STRIDE_W, FIXED_PAD_TOP, FIXED_PAD_LEFT)
                 : given;
}
#endif

// A row that lies outside of every image, for pixels and taps that are not there.
const ivec3 NOWHERE = ivec3(0, -0x40000000, 0);

ivec3 pixel_at(Geometry g, uint n, uint i, uint j) {
    const int u = int(i) * g.stride_h - g.pad_top, v = int(j) * g.stride_w - g.pad_left;
    return ivec3(((int(n) * int(g.H) + u) * int(g.W) + v) * int(g.C), u, v);
}

ivec3 pixel(Geometry g, uint p) {
    const uint row = p / g.OW;
    return pixel_at(g, row / g.OH, row % g.OH, p % g.OW);
}

ivec3 tap(Geometry g, uint t) {
    const uint cell = t / g.C, a = cell / g.kw, b = cell % g.kw;
    return ivec3((a * g.W + b) * g.C + t % g.C, a, b);
}

bool inside(Geometry g, ivec3 element) { return uint(element.y) < g.H && uint(element.z) < g.W; }

#endif
