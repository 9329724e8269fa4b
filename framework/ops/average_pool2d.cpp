// average_pool2d: y[n,i,j,c] = the mean over a, b of x[n, i*sh - pt + a, j*sw - pl + b, c], what is outside of the image left out
//   x (N, H, W, C) -> y (N, OH, OW, C)
// With count[i,j] the pixels of window (i, j) inside of the image:
//   dx[n,u,v,c] = sum of dy[n,i,j,c] / count[i,j] over the windows (i, j) that see (u, v)
// The sums of windows are a convolution of each channel by itself, with a kernel of ones.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

#include <algorithm>
#include <vector>

namespace cairn {

namespace {

// How many of a window's k elements lie in an image of n pixels, for each of the windows along an axis.
std::vector<std::int64_t> pixels_inside(std::int64_t windows, std::int64_t n, std::int64_t k, std::int64_t stride,
                                        std::int64_t pad) {
    std::vector<std::int64_t> inside;
    for (std::int64_t i = 0; i < windows; ++i) {
        const std::int64_t first = i * stride - pad;
        inside.push_back(std::min(first + k, n) - std::max<std::int64_t>(first, 0));
    }
    return inside;
}

// (1, OH, OW, 1) of 1 / count, or undefined where every window lies inside of the image.
Tensor shares_at_borders(const Tensor& x, const ops::SlidingWindow& sliding) {
    const auto& [window, output_h, output_w] = sliding;
    const auto rows = pixels_inside(output_h, x.dim(1), window.window_h, window.stride_h, window.pad_top);
    const auto columns = pixels_inside(output_w, x.dim(2), window.window_w, window.stride_w, window.pad_left);
    std::vector<double> shares;
    bool padded = false;
    for (const std::int64_t row : rows)
        for (const std::int64_t column : columns) {
            shares.push_back(1 / static_cast<double>(row * column));
            padded |= row != window.window_h || column != window.window_w;
        }
    if (!padded) return {};
    const Shape shape{1, output_h, output_w, 1};
    if (x.dtype() == DType::float64) return from_values(shape, shares, x.device());
    return from_values(shape, std::vector<float>(shares.begin(), shares.end()), x.device());
}

}  // namespace

Tensor ops::average_pool2d(const Tensor& x, const PoolingOptions& options) {
    check_operands("average_pool2d", {x});
    const SlidingWindow sliding = slide_window("average_pool2d", x.shape(), options);
    const Window window = sliding.window;
    const Tensor shares = shares_at_borders(x, sliding);
    const double weight = shares.defined() ? 1 : 1 / static_cast<double>(window.window_h * window.window_w);
    const Tensor kernel = full({window.window_h, window.window_w, 1, x.dim(3)}, weight, x.dtype(), x.device());
    const Tensor y = empty_like(x, {x.dim(0), sliding.output_h, sliding.output_w, x.dim(3)});
    backend(x).conv2d(x, kernel, window, y);
    if (shares.defined()) backend(x).elementwise(Binary::mul, y, shares, y);

    return autograd::differentiable("average_pool2d", {x}, y, [=](const Tensor& dy, autograd::Gradients& dx) {
        Tensor shared = dy;
        if (shares.defined()) {
            shared = empty_like(dy);
            backend(dy).elementwise(Binary::mul, dy, shares, shared);
        }
        backend(dy).conv2d_input_gradient(shared, kernel, window, dx.slot(0));
    });
}

}  // namespace cairn
