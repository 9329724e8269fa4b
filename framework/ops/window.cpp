// Where the windows of a convolution or pooling lie along one axis: n the image's size, k the window's, s the stride. A window
// whose elements lie d pixels apart reaches over (k - 1) d + 1 pixels, which stand for k.
//   valid: the output has floor((n - k) / s) + 1 elements, nothing is padded
//   same:  the output has ceil(n / s) elements; the padding is what the last window lacks,
//          max((ceil(n / s) - 1) s + k - n, 0), the smaller half of it before the image (as in Keras)
#include "cairn/core/error.h"
#include "cairn/ops/ops.h"

#include <algorithm>

namespace cairn {

namespace {

struct Axis {
    std::int64_t output, pad_before;
};

Axis slide(std::int64_t n, std::int64_t k, std::int64_t s, ops::Padding padding) {
    if (padding == ops::Padding::valid) return {(n - k) / s + 1, 0};
    const std::int64_t output = (n + s - 1) / s;
    return {output, std::max<std::int64_t>((output - 1) * s + k - n, 0) / 2};
}

}  // namespace

ops::SlidingWindow ops::slide_window(const char* op, const Shape& x, std::array<std::int64_t, 2> size,
                                     std::array<std::int64_t, 2> strides, Padding padding,
                                     std::array<std::int64_t, 2> dilation_rate) {
    check(x.rank() == 4, "{}: input {} must be (batch, height, width, channels)", op, x);
    check(size[0] >= 1 && size[1] >= 1, "{}: the window ({}, {}) must have at least one row and one column", op,
          size[0], size[1]);
    check(strides[0] >= 1 && strides[1] >= 1, "{}: the strides ({}, {}) must be at least 1", op, strides[0],
          strides[1]);
    check(dilation_rate[0] >= 1 && dilation_rate[1] >= 1, "{}: the dilation rates ({}, {}) must be at least 1", op,
          dilation_rate[0], dilation_rate[1]);
    check(x[1] >= 1 && x[2] >= 1, "{}: input {} has an image without pixels", op, x);
    check(x.size() > 0, "{}: input {} has an axis of size 0, so that there is nothing to compute", op, x);
    // A window of one element has nothing to dilate.
    const std::int64_t dh = size[0] == 1 ? 1 : dilation_rate[0], dw = size[1] == 1 ? 1 : dilation_rate[1];
    const std::int64_t reach_h = (size[0] - 1) * dh + 1, reach_w = (size[1] - 1) * dw + 1;
    check(padding == Padding::same || (reach_h <= x[1] && reach_w <= x[2]),
          "{}: the window ({}, {}){} is larger than the image ({}, {}); use padding 'same', a smaller window or a "
          "larger image",
          op, size[0], size[1],
          dh == 1 && dw == 1 ? "" : fmt::format(", dilated by ({}, {}) to ({}, {}),", dh, dw, reach_h, reach_w), x[1],
          x[2]);

    const Axis h = slide(x[1], reach_h, strides[0], padding);
    const Axis w = slide(x[2], reach_w, strides[1], padding);
    return {{size[0], size[1], strides[0], strides[1], h.pad_before, w.pad_before, dh, dw}, h.output, w.output};
}

ops::SlidingWindow ops::slide_window(const char* op, const Shape& x, const PoolingOptions& options) {
    std::array<std::int64_t, 2> strides = options.strides;
    if (strides[0] == 0) strides[0] = options.pool_size[0];
    if (strides[1] == 0) strides[1] = options.pool_size[1];
    return slide_window(op, x, options.pool_size, strides, options.padding);
}

}  // namespace cairn
