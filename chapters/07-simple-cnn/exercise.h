// Chapter 7: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// From one window to the next, in pixels.
struct Strides {
    std::size_t h = 1, w = 1;
};

// A window of h x w pixels. With padding, pad_h rows stand above the image and as many below it, pad_w columns on either side.
struct Window {
    std::size_t h = 1, w = 1;
    Strides strides;
    std::size_t pad_h = 0, pad_w = 0;
};

// y (N, OH, OW, O) of x (N, H, W, C), kernel (kh, kw, C, O), bias (O), without padding: OH = (H - kh) / strides.h + 1, rounded
// down, and OW alike.
Array conv2d(const Array& x, const Array& kernel, const Array& bias, Strides strides);
// dx (N, H, W, C) and dkernel (kh, kw, C, O) for a given dy (N, OH, OW, O).
Array conv2d_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, Strides strides);
Array conv2d_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, Strides strides);

// y (N, OH, OW, C): the largest of each window; OH = (H + 2 pad_h - h) / strides.h + 1, rounded down. Padding is -infinity.
Array max_pool(const Array& x, const Window& window);
// dx (N, H, W, C): each dy goes to the largest of its window, of several equal ones to the first in row-major order.
Array max_pool_backward(const Array& x, const Array& dy, const Window& window);

// The patches of x (N, H, W, C), without padding: row (n, i, j) of N OH OW rows, column (a, b, c) of h w C columns.
Array im2col(const Array& x, const Window& window);
// conv2d as patches times kernel.
Array conv2d_gemm(const Array& x, const Array& kernel, const Array& bias, Strides strides);
// The adjoint of im2col: adds each number of `patches` to the pixel of dx that it would have been copied from.
Array col2im(const Array& patches, const Sizes& x_shape, const Window& window);

struct Gradients {
    Array dx, dkernel, dbias;
};
// All gradients of conv2d, as two matrix products, a col2im and a sum.
Gradients conv2d_gemm_backward(const Array& x, const Array& kernel, const Array& dy, Strides strides);

}  // namespace exercise
