#include "cairn/backend/cpu/im2col.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

bool patches_are_input(const ConvolutionSizes& s) {
    return s.patch() == s.C && !s.has_strides() && s.OH == s.H && s.OW == s.W && s.window.pad_top == 0 &&
           s.window.pad_left == 0;
}

namespace {

// Calls visit(patch, pixel, first, last) for each row of the windows of the output rows begin … end - 1: `patch` is its first
// element among the patches, `pixel` that among x's, and of its kw pixels first … last - 1 lie inside of the image.
template <typename Visit>
void for_each_window_row(const ConvolutionSizes& s, std::int64_t begin, std::int64_t end, const Visit& visit) {
    const Window& w = s.window;
    for (std::int64_t row = begin; row < end; ++row)
        for (std::int64_t a = 0; a < w.window_h; ++a) {
            const std::int64_t u = row % s.OH * w.stride_h - w.pad_top + a;
            const bool inside = u >= 0 && u < s.H;
            std::int64_t patch = (row - begin) * s.OW * s.patch() + a * w.window_w * s.C;
            std::int64_t left = -w.pad_left;
            for (std::int64_t j = 0; j < s.OW; ++j, patch += s.patch(), left += w.stride_w) {
                const std::int64_t first = std::clamp<std::int64_t>(-left, 0, w.window_w);
                const std::int64_t last = inside ? std::clamp<std::int64_t>(s.W - left, first, w.window_w) : first;
                visit(patch, row / s.OH * s.x_image() + (u * s.W + left) * s.C, first, last);
            }
        }
}

// A copy of n numbers. An RGB image under a kernel of width 3 has rows of nine: with the length known to the compiler, two
// moves instead of a call.
template <typename T>
void copy(const T* from, std::int64_t n, T* to) {
    if (n == 9) std::memcpy(to, from, 9 * sizeof(T));
    else std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
}

template <typename T>
void add(const T* __restrict from, std::int64_t n, T* __restrict to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] += from[i];
}

}  // namespace

template <typename T>
void im2col(const ConvolutionSizes& s, const T* x, std::int64_t begin, std::int64_t end, T* patches) {
    const std::int64_t C = s.C, kw = s.window.window_w;
    for_each_window_row(s, begin, end,
                        [=](std::int64_t patch, std::int64_t pixel, std::int64_t first, std::int64_t last) {
                            T* to = patches + patch;
                            if (last - first < kw) std::fill_n(to, kw * C, T(0));
                            if (first < last) copy(x + pixel + first * C, (last - first) * C, to + first * C);
                        });
}

template <typename T>
void col2im(const ConvolutionSizes& s, const T* patches, std::int64_t begin, std::int64_t end, T* dx) {
    const std::int64_t C = s.C;
    for_each_window_row(s, begin, end,
                        [=](std::int64_t patch, std::int64_t pixel, std::int64_t first, std::int64_t last) {
                            if (first < last)
                                add(patches + patch + first * C, (last - first) * C, dx + pixel + first * C);
                        });
}

template void im2col<float>(const ConvolutionSizes&, const float*, std::int64_t, std::int64_t, float*);
template void im2col<double>(const ConvolutionSizes&, const double*, std::int64_t, std::int64_t, double*);
template void col2im<float>(const ConvolutionSizes&, const float*, std::int64_t, std::int64_t, float*);
template void col2im<double>(const ConvolutionSizes&, const double*, std::int64_t, std::int64_t, double*);

}  // namespace cairn::cpu
