// Convolutions without im2col; with many channels winograd.h is faster yet. In an image with its padding around it, the patch
// of an output pixel is kh runs of kw*C neighbouring numbers, and the next pixel's runs begin stride*C numbers later; the
// micro-kernel multiplies them where they lie.
//
//   forward  y[p, o]       = sum over k of x(p, k) kernel[k, o]     rows: pixels p; k: the patch
//   dkernel  dkernel[k, o] = sum over p of x(p, k) dz[p, o]         rows: the patch k; p: pixels
//   dx       as forward without strides, from dz with as many zeros between its pixels as the windows' strides leave, and the
//            kernel turned by 180 degrees with its channels swapped
#pragma once

#include "cairn/backend/cpu/layout.h"

#include <vector>

namespace cairn::cpu {

// The convolution of framed images with a packed kernel (kh, kw, frame.channels, channels) to images (rows, columns,
// channels). The window's padding is the frame's.
class DirectConvolution {
public:
    DirectConvolution(const Frame& frame, const Window& window, std::int64_t rows, std::int64_t columns,
                      std::int64_t channels);

    // The rows first … last - 1 of one image, to y. bias: whole panels of it, or nullptr.
    template <typename T>
    void run(const T* framed, const T* kernel, const T* bias, bool relu, std::int64_t first, std::int64_t last,
             T* y) const;

private:
    Frame frame_;
    std::int64_t kh_, kw_, columns_, channels_;
    std::vector<std::int64_t> pixels_;  // where in the frame the window of each output pixel begins
};

// A layer's forward pass, one image at a time: the kernel is packed once, and every thread has a frame.
template <typename T>
class DirectLayer {
public:
    DirectLayer(const ForwardOperands<T>& operands, int threads, Allocator& allocator);

    std::int64_t images_at_once() const { return 1; }

    // y (OH, OW, O) = that of image n of x.
    void run(std::int64_t n, std::int64_t images, int thread, T* y) const {
        run_rows(images_.framed(n, images, thread), 0, s.OH, y);
    }

    // The same in two steps: image n in its frame, and from that some rows of y.
    const T* framed(std::int64_t n, int thread) const { return images_.framed(n, 1, thread); }
    void run_rows(const T* framed, std::int64_t first, std::int64_t last, T* y) const {
        convolution_.run(framed, panels_.template data<T>(), images_.bias(), relu_, first, last, y);
    }

private:
    ConvolutionSizes s;
    FramedImages<T> images_;
    DirectConvolution convolution_;
    bool relu_;
    Tensor panels_;
};

}  // namespace cairn::cpu
