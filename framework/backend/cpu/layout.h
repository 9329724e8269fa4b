// How images and kernels lie for micro_kernel.h: images in frames of zeros, kernels in panels.
#pragma once

#include "cairn/backend/cpu/convolution.h"
#include "cairn/backend/cpu/micro_kernel.h"

namespace cairn::cpu {

// n, filled up to a multiple of `unit`.
constexpr std::int64_t round_up(std::int64_t n, std::int64_t unit) { return (n + unit - 1) / unit * unit; }

// `n` channels, filled up to whole panels.
template <typename T>
std::int64_t whole_panels(std::int64_t n) {
    return round_up(n, panel_width<T>);
}

// From one row or pixel of numbers to the next: those that lie a multiple of 128 bytes apart compete for the same sets of L1,
// and an empty line between them ends that.
template <typename T>
inline constexpr std::int64_t cache_line = 64 / sizeof(T);
template <typename T>
std::int64_t spread(std::int64_t numbers) {
    return numbers % (2 * cache_line<T>) == 0 ? numbers + cache_line<T> : numbers;
}

// An image with zeros around it, and between its pixels where these are not next to each other: (rows, columns, channels),
// the image's first pixel at (top, left), its next ones row_step and column_step from there. From one pixel of the frame to
// the next it is `stride` numbers, `channels` or more.
struct Frame {
    std::int64_t rows, columns, channels, stride;
    std::int64_t top, left;
    std::int64_t row_step = 1, column_step = 1;

    std::int64_t row_stride() const { return columns * stride; }
    std::int64_t size() const { return rows * row_stride(); }
    // Of the image: where a row of it begins, from there to its next row, and from one of its pixels to the next.
    std::int64_t at(std::int64_t row) const { return ((top + row * row_step) * columns + left) * stride; }
    std::int64_t to_next_row() const { return row_step * row_stride(); }
    std::int64_t to_next_pixel() const { return column_step * stride; }
};

// The frame in which x and every window of it lie inside; where x fills it by itself, no copy is needed.
Frame input_frame(const ConvolutionSizes& s);
inline bool fills(const ConvolutionSizes& s, const Frame& frame) {
    return frame.rows == s.H && frame.columns == s.W && frame.stride == s.C;
}

// Copies an image (H, W, C) into a frame of zeros, which may have more channels.
template <typename T>
void put_into_frame(const T* image, std::int64_t H, std::int64_t W, std::int64_t C, const Frame& frame, T* to);

// A kernel (K, O) as panels (panel, K, panel_width), with zeros behind O.
template <typename T>
void pack_panels(const T* kernel, std::int64_t K, std::int64_t O, T* to);

// The same of the kernel (kh, kw, C, O) set up for dx: turned by 180 degrees, with its channels swapped, (kh, kw, O', C), where
// O' is O filled up to whole panels with zeros.
template <typename T>
Tensor pack_turned_panels(const T* kernel, const ConvolutionSizes& s, Allocator& allocator);

// What a layer's forward pass keeps for its images: the bias in whole panels, and frames for some images per thread.
template <typename T>
class FramedImages {
public:
    FramedImages(const ForwardOperands<T>& operands, const Frame& frame, std::int64_t at_once, int threads,
                 Allocator& allocator);

    // Images n … n + images - 1 of x in their frames.
    const T* framed(std::int64_t n, std::int64_t images, int thread) const;
    const T* bias() const { return optional_data<T>(bias_); }

private:
    ConvolutionSizes s;
    const T* x_;
    Frame frame_;
    Tensor bias_, frames_;
};

}  // namespace cairn::cpu
