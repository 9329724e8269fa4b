#include "cairn/backend/cpu/im2col.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

bool patches_are_input(const ConvolutionSizes& s) {
    return s.groups == 1 && s.patch() == s.C && !s.has_strides() && s.OH == s.H && s.OW == s.W &&
           s.window.pad_top == 0 && s.window.pad_left == 0;
}

namespace {

// ceil(a / b) for b > 0.
std::int64_t divide_up(std::int64_t a, std::int64_t b) { return a > 0 ? (a + b - 1) / b : a / b; }

// Calls visit(patch, pixel, first, last) for each row of the windows of a band: `patch` is its first element among the patches,
// `pixel` that among x's, and of its kw pixels first … last - 1 lie inside of the image.
template <typename Visit>
void for_each_window_row(const ConvolutionSizes& s, const Band& band, const Visit& visit) {
    const Window& w = s.window;
    const std::int64_t first_channel = band.group * s.channels_of_group();
    for (std::int64_t row = band.begin; row < band.end; ++row)
        for (std::int64_t a = 0; a < w.window_h; ++a) {
            const std::int64_t u = row % s.OH * w.stride_h - w.pad_top + a * w.dilation_h;
            const bool inside = u >= 0 && u < s.H;
            std::int64_t patch = (row - band.begin) * s.OW * s.patch() + a * w.window_w * s.channels_of_group();
            std::int64_t left = -w.pad_left;
            for (std::int64_t j = 0; j < s.OW; ++j, patch += s.patch(), left += w.stride_w) {
                const std::int64_t first = std::clamp<std::int64_t>(divide_up(-left, w.dilation_w), 0, w.window_w);
                const std::int64_t last =
                    inside ? std::clamp<std::int64_t>(divide_up(s.W - left, w.dilation_w), first, w.window_w) : first;
                visit(patch, row / s.OH * s.x_image() + (u * s.W + left) * s.C + first_channel, first, last);
            }
        }
}

// Are the pixels of a window's row one run of numbers?
bool has_runs(const ConvolutionSizes& s) { return s.groups == 1 && s.window.dilation_w == 1; }

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
void im2col(const ConvolutionSizes& s, const T* x, const Band& band, T* patches) {
    const std::int64_t C = s.channels_of_group(), kw = s.window.window_w, step = s.window.dilation_w * s.C;
    const bool runs = has_runs(s);
    for_each_window_row(s, band, [=](std::int64_t patch, std::int64_t pixel, std::int64_t first, std::int64_t last) {
        T* to = patches + patch;
        if (last - first < kw) std::fill_n(to, kw * C, T(0));
        if (!runs)
            for (std::int64_t b = first; b < last; ++b) copy(x + pixel + b * step, C, to + b * C);
        else if (first < last) copy(x + pixel + first * C, (last - first) * C, to + first * C);
    });
}

template <typename T>
void col2im(const ConvolutionSizes& s, const T* patches, const Band& band, T* dx) {
    const std::int64_t C = s.channels_of_group(), step = s.window.dilation_w * s.C;
    const bool runs = has_runs(s);
    for_each_window_row(s, band, [=](std::int64_t patch, std::int64_t pixel, std::int64_t first, std::int64_t last) {
        if (!runs)
            for (std::int64_t b = first; b < last; ++b) add(patches + patch + b * C, C, dx + pixel + b * step);
        else if (first < last) add(patches + patch + first * C, (last - first) * C, dx + pixel + first * C);
    });
}

template void im2col<float>(const ConvolutionSizes&, const float*, const Band&, float*);
template void im2col<double>(const ConvolutionSizes&, const double*, const Band&, double*);
template void col2im<float>(const ConvolutionSizes&, const float*, const Band&, float*);
template void col2im<double>(const ConvolutionSizes&, const double*, const Band&, double*);

}  // namespace cairn::cpu
