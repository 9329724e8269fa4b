// Convolutions of stride 1 without im2col; with many channels winograd.h is faster yet. In an image with its padding around
// it, the patch of an output pixel is kh runs of kw*C neighbouring numbers, and the next pixel's runs begin C numbers later;
// tile.h multiplies them where they lie.
//
//   forward  y[p, o]       = sum over k of x(p, k) kernel[k, o]     rows of a tile: pixels p; k: the patch
//   dkernel  dkernel[k, o] = sum over p of x(p, k) dz[p, o]         rows of a tile: the patch k; p: pixels
//   dx       the same as forward, from dz and the kernel turned by 180 degrees with its channels swapped
#pragma once

#include "backend/cpu/im2col.h"
#include "backend/cpu/tile.h"

#include <vector>

namespace cairn::cpu {

inline bool is_direct(const Window& window) { return window.stride_h == 1 && window.stride_w == 1; }

// `n` channels, filled up to whole panels.
template <typename T>
std::int64_t whole_panels(std::int64_t n) {
    return (n + panel_width<T> - 1) / panel_width<T> * panel_width<T>;
}

// From one row or pixel of numbers to the next: those that lie a multiple of 128 bytes apart compete for the same places in L1,
// and an empty line between them ends that.
template <typename T>
inline constexpr std::int64_t cache_line = 64 / sizeof(T);
template <typename T>
std::int64_t spread(std::int64_t numbers) {
    return numbers % (2 * cache_line<T>) == 0 ? numbers + cache_line<T> : numbers;
}

// An image with zeros around it: (rows, columns, channels), the image's first pixel at (top, left). From one pixel to the
// next it is `stride` numbers, `channels` or more.
struct Frame {
    std::int64_t rows, columns, channels, stride;
    std::int64_t top, left;

    std::int64_t row_stride() const { return columns * stride; }
    std::int64_t size() const { return rows * columns * stride; }
    std::int64_t at(std::int64_t row) const { return ((top + row) * columns + left) * stride; }  // of an image's row
};

// The frame in which every window of x lies inside; where x fills it by itself, no copy is needed.
inline Frame input_frame(const ConvolutionSizes& s) {
    return {s.OH + s.window.window_h - 1, s.OW + s.window.window_w - 1, s.C, s.C, s.window.pad_top, s.window.pad_left};
}
inline bool fills(const ConvolutionSizes& s, const Frame& frame) {
    return frame.rows == s.H && frame.columns == s.W && frame.stride == s.C;
}

// Copies an image (H, W, C) into a frame of zeros, which may have more channels.
template <typename T>
void put_into_frame(const T* image, std::int64_t H, std::int64_t W, std::int64_t C, const Frame& frame, T* to);

// A kernel (K, O) as panels (panel, K, panel_width), with zeros behind O.
template <typename T>
void pack_panels(const T* kernel, std::int64_t K, std::int64_t O, T* to);

// The same of a kernel (kh, kw, C, O) set up for dx: turned by 180 degrees, with its channels swapped, (kh, kw, O', C), where
// O' is O filled up to whole panels with zeros.
template <typename T>
void pack_turned_panels(const T* kernel, std::int64_t kh, std::int64_t kw, std::int64_t C, std::int64_t O, T* to);

// The convolution of framed images with a packed kernel (kh, kw, frame.channels, channels) to images (rows, columns,
// channels).
class DirectConvolution {
public:
    DirectConvolution(const Frame& frame, std::int64_t kh, std::int64_t kw, std::int64_t rows, std::int64_t columns,
                      std::int64_t channels);

    // The rows first … last - 1 of one image, to y. bias: whole panels of it, or nullptr.
    template <typename T>
    void run(const T* framed, const T* kernel, const T* bias, bool relu, std::int64_t first, std::int64_t last,
             T* y) const;
    // All of them.
    template <typename T>
    void run(const T* framed, const T* kernel, const T* bias, bool relu, T* y) const {
        run(framed, kernel, bias, relu, 0, rows_, y);
    }

private:
    Frame frame_;
    std::int64_t kh_, kw_, rows_, columns_, channels_;
    std::vector<std::int64_t> pixels_;  // where in the frame the window of each output pixel begins
};

// A layer's convolution, one image at a time: the kernel is packed once, and every thread has a frame.
template <typename T>
class ImageConvolution {
public:
    ImageConvolution(const ConvolutionSizes& sizes, const T* kernel, const T* bias, bool relu, int threads,
                     Allocator& allocator);

    // y (OH, OW, O) = that of image n of x.
    void run(const T* x, std::int64_t n, int thread, T* y) const { run_rows(framed(x, n, thread), 0, s.OH, y); }

    // The same in two steps: image n in its frame, and from that some rows of y.
    const T* framed(const T* x, std::int64_t n, int thread) const;
    void run_rows(const T* framed, std::int64_t first, std::int64_t last, T* y) const {
        convolution_.run(framed, panels_.template data<T>(), bias_.defined() ? bias_.template data<T>() : nullptr,
                         relu_, first, last, y);
    }

private:
    ConvolutionSizes s;
    Frame frame_;
    DirectConvolution convolution_;
    bool relu_;
    Tensor panels_, bias_, frames_;
};

}  // namespace cairn::cpu
