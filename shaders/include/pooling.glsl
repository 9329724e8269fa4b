// The geometry of max pooling: images (N, H, W, C), pooled (N, OH, OW, C).
layout(push_constant) uniform Push {
    uint n;  // elements of the output, one invocation each
    uint H, W, C, OH, OW;
    uint window_h, window_w, stride_h, stride_w, pad_top, pad_left;
    uint optional;  // 1 if the optional operand is there
} p;
