// Pieces of max pooling that a convolution before it uses too.
#pragma once

#include "cairn/backend/backend.h"

#include <bit>
#include <type_traits>

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

// Row `row` of y, 0 … N*OH - 1. argmax, of y's shape, may be nullptr.
template <typename T>
void pool_row(const PoolSizes& s, const T* x, std::int64_t row, T* y, std::int32_t* argmax);

// The cotangents of a window of 2 x 2 pixels, whose channels lie `right` and `below` elements from each other's: of(c) goes
// to where the maximum of channel c was, and the three others become 0. It is chosen by its bits: of conditional expressions
// g++ makes masked stores, which are slow on AMD's processors.
template <typename T, typename Cotangent>
void spread_2x2(const Cotangent& of, const std::int32_t* __restrict argmax, std::int64_t C, std::int64_t right,
                std::int64_t below, T* __restrict dx) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    T* __restrict dx_below = dx + below;
#pragma GCC ivdep
    for (std::int64_t c = 0; c < C; ++c) {
        const auto d = std::bit_cast<Bits>(of(c));
        const std::int32_t winner = argmax[c];
        dx[c] = std::bit_cast<T>(d & -static_cast<Bits>(winner == 0));
        dx[right + c] = std::bit_cast<T>(d & -static_cast<Bits>(winner == 1));
        dx_below[c] = std::bit_cast<T>(d & -static_cast<Bits>(winner == 2));
        dx_below[right + c] = std::bit_cast<T>(d & -static_cast<Bits>(winner == 3));
    }
}

}  // namespace cairn::cpu
