// Pieces of max pooling that a convolution before it uses too.
#pragma once

#include "backend/backend.h"

namespace cairn::cpu {

// The sizes of a pooling of x (N, H, W, C) to y (N, OH, OW, C).
struct PoolSizes {
    PoolSizes(const Shape& x, const Window& sliding, const Shape& y)
        : N(x[0]), H(x[1]), W(x[2]), C(x[3]), OH(y[1]), OW(y[2]), window(sliding) {}

    // The windows of 2 x 2 that most networks use: they do not overlap and never leave the image.
    bool halves() const {
        return window.window_h == 2 && window.window_w == 2 && window.stride_h == 2 && window.stride_w == 2 &&
               window.pad_top == 0 && window.pad_left == 0 && 2 * OH <= H && 2 * OW <= W;
    }

    std::int64_t N, H, W, C, OH, OW;
    Window window;
};

// Row `row` of y, 0 … N*OH - 1. places, of y's shape, may be nullptr.
template <typename T>
void pool_row(const PoolSizes& s, const T* x, std::int64_t row, T* y, std::int32_t* places);

}  // namespace cairn::cpu
