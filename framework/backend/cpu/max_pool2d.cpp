#include "cairn/backend/cpu/max_pool2d.h"

#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/scratch.h"

#include <algorithm>
#include <functional>

namespace cairn {

namespace {

// Calls body(element, pixel) for the pixels of a window that lie inside of the image, in row-major order: element = a *
// window_w + b, pixel = their number among the N*H*W. row counts the output rows of the whole batch, 0 … N*OH - 1.
template <typename Body>
void for_each_pixel(const cpu::PoolSizes& s, std::int64_t row, std::int64_t j, const Body& body) {
    const std::int64_t top = row % s.OH * s.window.stride_h - s.window.pad_top;
    const std::int64_t left = j * s.window.stride_w - s.window.pad_left;
    for (std::int64_t a = std::max<std::int64_t>(0, -top); a < std::min(s.window.window_h, s.H - top); ++a)
        for (std::int64_t b = std::max<std::int64_t>(0, -left); b < std::min(s.window.window_w, s.W - left); ++b)
            body(static_cast<std::int32_t>(a * s.window.window_w + b), (row / s.OH * s.H + top + a) * s.W + left + b);
}

// A 2 x 2 window: its four pixels in one pass of vectors over the channels. Comparisons, not std::max, so that the first of
// equal values wins. False if there may be a NaN, which these comparisons do not see: a sum shows it for a few
// additions, whereas g++ 12 makes no vectors of a loop with is_larger.
template <typename T>
bool pool_2x2(const T* __restrict x, std::int64_t row_stride, std::int64_t C, T* __restrict y,
              std::int32_t* __restrict argmax) {
    const T* __restrict below = x + row_stride;
    std::int32_t nan = 0;
    for (std::int64_t c = 0; c < C; ++c) {
        const bool right = x[C + c] > x[c], below_right = below[C + c] > below[c];
        const T top = right ? x[C + c] : x[c], bottom = below_right ? below[C + c] : below[c];
        const std::int32_t top_winner = right ? 1 : 0, bottom_winner = below_right ? 3 : 2;
        y[c] = bottom > top ? bottom : top;
        if (argmax) argmax[c] = bottom > top ? bottom_winner : top_winner;
        const T sum = (x[c] + x[C + c]) + (below[c] + below[C + c]);
        nan |= sum == sum ? 0 : 1;
    }
    return nan == 0;
}

// Any window. `larger` decides; false if there is a NaN.
template <typename T, typename Larger>
bool pool_any(const cpu::PoolSizes& s, std::int64_t row, std::int64_t j, const T* __restrict x, T* __restrict y,
              std::int32_t* __restrict argmax, const Larger& larger) {
    bool first = true;
    std::int32_t nan = 0;
    for_each_pixel(s, row, j, [&](std::int32_t element, std::int64_t pixel) {
        const T* values = x + pixel * s.C;
        for (std::int64_t c = 0; c < s.C; ++c) nan |= values[c] == values[c] ? 0 : 1;
        if (first) {
            std::copy_n(values, s.C, y);
            if (argmax) std::fill_n(argmax, s.C, element);
        } else {
            for (std::int64_t c = 0; c < s.C; ++c) {
                const bool wins = larger(values[c], y[c]);
                if (argmax) argmax[c] = wins ? element : argmax[c];
                y[c] = wins ? values[c] : y[c];
            }
        }
        first = false;
    });
    return nan == 0;
}

template <typename T>
void backward_2x2(const cpu::PoolSizes& s, const T* dy, const std::int32_t* argmax, T* dx) {
    const std::int64_t row_stride = s.W * s.C;
    cpu::for_each_row(s.N * s.OH, 2 * row_stride, [=](std::int64_t row) {
        T* top = dx + (row / s.OH * s.H + row % s.OH * 2) * row_stride;
        for (std::int64_t j = 0; j < s.OW; ++j) {
            const std::int64_t at = (row * s.OW + j) * s.C;
            const T* from = dy + at;
            cpu::spread_2x2([=](std::int64_t c) { return from[c]; }, argmax + at, s.C, s.C, row_stride,
                            top + 2 * j * s.C);
        }
        // What no window covers: the last column of an odd width, the last row of an odd height.
        for (T* line : {top, top + row_stride}) std::fill(line + 2 * s.OW * s.C, line + row_stride, T(0));
        if (row % s.OH == s.OH - 1) std::fill(top + 2 * row_stride, top + (s.H - 2 * s.OH + 2) * row_stride, T(0));
    });
}

// Windows that may overlap: threads share out the images.
template <typename T>
void backward_any(const cpu::PoolSizes& s, const T* dy, const std::int32_t* argmax, T* dx) {
    const std::int64_t image = s.H * s.W * s.C;
    cpu::for_each_row(s.N, image, [=](std::int64_t n) {
        std::fill_n(dx + n * image, image, T(0));
        for (std::int64_t row = n * s.OH; row < (n + 1) * s.OH; ++row)
            for (std::int64_t j = 0; j < s.OW; ++j) {
                const T* from = dy + (row * s.OW + j) * s.C;
                const std::int32_t* winners = argmax + (row * s.OW + j) * s.C;
                for_each_pixel(s, row, j, [&](std::int32_t element, std::int64_t pixel) {
                    T* to = dx + pixel * s.C;
                    for (std::int64_t c = 0; c < s.C; ++c) to[c] += winners[c] == element ? from[c] : T(0);
                });
            }
    });
}

}  // namespace

template <typename T>
void cpu::pool_row(const PoolSizes& s, const T* x, std::int64_t row, T* y, std::int32_t* argmax) {
    const bool halves = s.halves();
    const T* top = x + (row / s.OH * s.H + row % s.OH * 2) * s.W * s.C;
    for (std::int64_t j = 0; j < s.OW; ++j) {
        const std::int64_t at = (row * s.OW + j) * s.C;
        std::int32_t* winners = argmax ? argmax + at : nullptr;
        const bool numbers = halves ? pool_2x2(top + 2 * j * s.C, s.W * s.C, s.C, y + at, winners)
                                    : pool_any(s, row, j, x, y + at, winners, std::greater<T>());
        if (!numbers) pool_any(s, row, j, x, y + at, winners, is_larger<T>);
    }
}

template void cpu::pool_row<float>(const PoolSizes&, const float*, std::int64_t, float*, std::int32_t*);
template void cpu::pool_row<double>(const PoolSizes&, const double*, std::int64_t, double*, std::int32_t*);

void CpuBackend::max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) {
    with_float(y.dtype(), [&]<typename T>() {
        const cpu::PoolSizes s(x.shape(), window, y.shape());
        const T* in = x.data<T>();
        T* out = y.data<T>();
        std::int32_t* winners = cpu::optional_data<std::int32_t>(argmax);
        cpu::for_each_row(s.N * s.OH, s.window.window_h * s.W * s.C,
                          [=](std::int64_t row) { cpu::pool_row(s, in, row, out, winners); });
    });
}

void CpuBackend::max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window, const Tensor& dx) {
    with_float(dx.dtype(), [&]<typename T>() {
        const cpu::PoolSizes s(dx.shape(), window, dy.shape());
        const auto backward = s.halves() ? backward_2x2<T> : backward_any<T>;
        backward(s, dy.data<T>(), argmax.data<std::int32_t>(), dx.data<T>());
    });
}

}  // namespace cairn
