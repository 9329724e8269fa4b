#include "backend/cpu/im2col.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

ConvolutionSizes::ConvolutionSizes(const Shape& x, const Shape& kernel, const Window& sliding, const Shape& y)
    : N(x[0]), H(x[1]), W(x[2]), C(x[3]), OH(y[1]), OW(y[2]), O(y[3]), window(sliding) {
    // The kernel's own sizes are the window's, whatever the window says.
    window.window_h = kernel[0];
    window.window_w = kernel[1];
}

bool ConvolutionSizes::patches_are_input() const {
    return patch() == C && window.stride_h == 1 && window.stride_w == 1 && OH == H && OW == W && window.pad_top == 0 &&
           window.pad_left == 0;
}

std::int64_t ConvolutionSizes::rows_per_tile(std::size_t element_size) const {
    constexpr std::int64_t tile_bytes =
        256 * 1024;  // patches and products; 128 to 512 KiB measure alike on 2 MiB of L2
    const std::int64_t row_bytes = OW * (patch() + O) * static_cast<std::int64_t>(element_size);
    return std::clamp<std::int64_t>(tile_bytes / std::max<std::int64_t>(1, row_bytes), 1,
                                    std::max<std::int64_t>(1, rows()));
}

namespace {

// Where the windows of an output row stand in the image: the first of them that lie wholly inside, and the one after
// the last.
struct Columns {
    explicit Columns(const ConvolutionSizes& s) {
        const std::int64_t stride = s.window.stride_w, last_left = s.W - s.window.window_w + s.window.pad_left;
        first_inside = std::clamp<std::int64_t>((s.window.pad_left + stride - 1) / stride, 0, s.OW);
        last_inside =
            last_left < 0 ? first_inside : std::clamp<std::int64_t>(last_left / stride + 1, first_inside, s.OW);
    }
    std::int64_t first_inside, last_inside;
};

// Of a window that starts at column `left`, the columns first … last - 1 lie inside of the image.
struct Inside {
    Inside(std::int64_t left, std::int64_t window, std::int64_t width)
        : first(std::clamp<std::int64_t>(-left, 0, window)),
          last(std::clamp<std::int64_t>(width - left, first, window)) {}
    std::int64_t first, last;
};

// Copies `count` runs of `run` elements, the pixels in one row of a window. An RGB image under a kernel of width 3 has
// runs of nine: with the length known to the compiler, two moves instead of a call of memcpy (3 times as fast).
template <typename T>
void copy_runs(const T* from, std::int64_t from_stride, T* to, std::int64_t to_stride, std::int64_t run,
               std::int64_t count) {
    if (run == 9) {
        for (std::int64_t j = 0; j < count; ++j) std::memcpy(to + j * to_stride, from + j * from_stride, 9 * sizeof(T));
    } else {
        const std::size_t bytes = static_cast<std::size_t>(run) * sizeof(T);
        for (std::int64_t j = 0; j < count; ++j) std::memcpy(to + j * to_stride, from + j * from_stride, bytes);
    }
}

template <typename T>
void add_run(T* __restrict to, const T* __restrict from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) to[i] += from[i];
}

}  // namespace

template <typename T>
void im2col(const ConvolutionSizes& s, const T* x, std::int64_t begin, std::int64_t end, T* patches) {
    const std::int64_t kh = s.window.window_h, kw = s.window.window_w, run = kw * s.C, patch = s.patch();
    const Columns columns(s);
    for (std::int64_t row = begin; row < end; ++row) {
        const T* image = x + row / s.OH * s.H * s.W * s.C;
        const std::int64_t top = row % s.OH * s.window.stride_h - s.window.pad_top;
        for (std::int64_t a = 0; a < kh; ++a) {
            T* to = patches + (row - begin) * s.OW * patch + a * run;
            const std::int64_t u = top + a;
            if (u < 0 || u >= s.H) {
                for (std::int64_t j = 0; j < s.OW; ++j) std::fill_n(to + j * patch, run, T(0));
                continue;
            }
            const T* line = image + u * s.W * s.C;
            const auto at_the_edge = [&](std::int64_t j) {
                const std::int64_t left = j * s.window.stride_w - s.window.pad_left;
                const Inside inside(left, kw, s.W);
                T* edge = to + j * patch;
                std::fill_n(edge, inside.first * s.C, T(0));
                std::copy(line + (left + inside.first) * s.C, line + (left + inside.last) * s.C,
                          edge + inside.first * s.C);
                std::fill_n(edge + inside.last * s.C, run - inside.last * s.C, T(0));
            };
            for (std::int64_t j = 0; j < columns.first_inside; ++j) at_the_edge(j);
            copy_runs(line + (columns.first_inside * s.window.stride_w - s.window.pad_left) * s.C,
                      s.window.stride_w * s.C, to + columns.first_inside * patch, patch, run,
                      columns.last_inside - columns.first_inside);
            for (std::int64_t j = columns.last_inside; j < s.OW; ++j) at_the_edge(j);
        }
    }
}

template <typename T>
void col2im(const ConvolutionSizes& s, const T* patches, std::int64_t begin, std::int64_t end, T* dx) {
    const std::int64_t kh = s.window.window_h, kw = s.window.window_w;
    for (std::int64_t row = begin; row < end; ++row) {
        T* image = dx + row / s.OH * s.H * s.W * s.C;
        const std::int64_t top = row % s.OH * s.window.stride_h - s.window.pad_top;
        for (std::int64_t a = 0; a < kh; ++a) {
            const std::int64_t u = top + a;
            if (u < 0 || u >= s.H) continue;
            const T* from = patches + (row - begin) * s.OW * s.patch() + a * kw * s.C;
            for (std::int64_t j = 0; j < s.OW; ++j, from += s.patch()) {
                const std::int64_t left = j * s.window.stride_w - s.window.pad_left;
                const auto [first, last] = Inside(left, kw, s.W);
                add_run(image + (u * s.W + left + first) * s.C, from + first * s.C, (last - first) * s.C);
            }
        }
    }
}

template void im2col<float>(const ConvolutionSizes&, const float*, std::int64_t, std::int64_t, float*);
template void im2col<double>(const ConvolutionSizes&, const double*, std::int64_t, std::int64_t, double*);
template void col2im<float>(const ConvolutionSizes&, const float*, std::int64_t, std::int64_t, float*);
template void col2im<double>(const ConvolutionSizes&, const double*, std::int64_t, std::int64_t, double*);

}  // namespace cairn::cpu
