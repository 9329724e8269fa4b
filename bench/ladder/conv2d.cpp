#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "ladder/rungs.h"

#include <algorithm>

namespace cairn::bench {

namespace {

// The patches of a batch: row (n, i, j), column (a, b, c) is x[n, i*sh - pt + a, j*sw - pl + b, c], 0 outside.
// Calls visit(patch element, image element or -1, count) for each run of `count` channels.
template <typename Visit>
void for_each_run(const Shape& image, const Shape& output, const Window& w, std::int64_t n, const Visit& visit) {
    const std::int64_t H = image[1], W = image[2], C = image[3], OH = output[1], OW = output[2];
    std::int64_t patch = n * OH * OW * w.window_h * w.window_w * C;
    for (std::int64_t i = 0; i < OH; ++i)
        for (std::int64_t j = 0; j < OW; ++j)
            for (std::int64_t a = 0; a < w.window_h; ++a)
                for (std::int64_t b = 0; b < w.window_w; ++b, patch += C) {
                    const std::int64_t u = i * w.stride_h - w.pad_top + a, v = j * w.stride_w - w.pad_left + b;
                    const bool inside = u >= 0 && u < H && v >= 0 && v < W;
                    visit(patch, inside ? ((n * H + u) * W + v) * C : -1, C);
                }
}

// (pixels of the output, elements of a patch)
Shape patches_shape(const Shape& image, const Shape& output, const Window& w) {
    return {output[0] * output[1] * output[2], w.window_h * w.window_w * image[3]};
}

Tensor im2col(const Tensor& x, const Shape& output, const Window& window) {
    const Tensor patches = empty_like(x, patches_shape(x.shape(), output, window));
    const float* from = x.data<float>();
    float* to = patches.data<float>();
    parallel_for(x.dim(0), 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t n = begin; n < end; ++n)
            for_each_run(x.shape(), output, window, n, [=](std::int64_t patch, std::int64_t image, std::int64_t C) {
                if (image < 0) std::fill_n(to + patch, C, 0.0f);
                else std::copy_n(from + image, C, to + patch);
            });
    });
    return patches;
}

Tensor matrix(const Tensor& images) { return images.view({images.size() / images.dim(-1), images.dim(-1)}); }

// dz = dy where y > 0, else 0
Tensor through_relu(const Tensor& y, const Tensor& dy) {
    const Tensor dz = empty_like(dy);
    backend(y).elementwise_backward(Unary::relu, y, dy, dz);
    return dz;
}

}  // namespace

void conv2d_im2col(const Tensor& x, const Tensor& kernel, const Tensor& bias, const Window& window, const Tensor& y) {
    Backend& device = backend(x);
    device.matmul(im2col(x, y.shape(), window), false, matrix(kernel), false, matrix(y));
    device.elementwise(Binary::add, y, bias, y);
    device.elementwise(Unary::relu, y, y);
}

void conv2d_im2col_input_gradient(const Tensor& kernel, const Tensor& y, const Tensor& dy, const Window& window,
                                  const Tensor& dx) {
    Backend& device = backend(dx);
    const Tensor dpatches = empty_like(dx, patches_shape(dx.shape(), y.shape(), window));
    device.matmul(matrix(through_relu(y, dy)), false, matrix(kernel), true, dpatches);
    device.fill(dx, 0);
    const float* from = dpatches.data<float>();
    float* to = dx.data<float>();
    parallel_for(dx.dim(0), 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t n = begin; n < end; ++n)
            for_each_run(dx.shape(), y.shape(), window, n, [=](std::int64_t patch, std::int64_t image, std::int64_t C) {
                if (image >= 0)
                    for (std::int64_t c = 0; c < C; ++c) to[image + c] += from[patch + c];
            });
    });
}

void conv2d_im2col_kernel_gradient(const Tensor& x, const Tensor& y, const Tensor& dy, const Window& window,
                                   const Tensor& dkernel) {
    const Tensor patches = im2col(x, y.shape(), window);
    backend(x).matmul(patches, true, matrix(through_relu(y, dy)), false, matrix(dkernel));
}

}  // namespace cairn::bench
