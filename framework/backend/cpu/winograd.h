// Convolutions of 3 x 3 and stride 1 with fewer multiplications: Winograd's minimal filtering, F(2 x 2, 3 x 3).
//
// A tile of 2 x 2 outputs looks at 4 x 4 inputs d. For one channel and one filter g (3 x 3), with * element by element,
//
//   y = A^T [ (G g G^T) * (B^T d B) ] A
//
//         1  0 -1  0         1    0    0             1  1  1  0
//   B^T = 0  1  1  0     G = 1/2  1/2  1/2     A^T = 0  1 -1 -1
//         0 -1  1  0         1/2 -1/2  1/2
//         0  1  0 -1         0    0    1
//
// takes 16 multiplications; the four windows one by one take 36. Over all channels each of the 16 elements k is a product of
// matrices, and so is what training needs of it:
//
//   forward  M_k (tiles, O) = V_k (tiles, C) U_k (C, O)     V = B^T d B, U = G g G^T, y = A^T M A
//   dkernel  S_k (C, O)     = V_k^T Z_k (tiles, O)          Z = A dz A^T, dg = G^T S G
//   dx       the same as forward, from dz and the kernel turned by 180 degrees with its channels swapped
//
// What this exploits: 2.25 times fewer multiply-adds, for a dozen additions per number of x, y and dz, which are few where
// each is used for many channels. What it costs: the sums are rounded in another order, and a number of x leaves its trace (of
// the size of its rounding error) in all outputs of its tile, also in those that do not look at it.
//
// Source: A. Lavin, S. Gray, Fast algorithms for convolutional neural networks (2015), arXiv:1509.09308, section 4.1; dkernel
// is the transpose of its equation 8.
#pragma once

#include "backend/cpu/winograd_tiles.h"

#include <vector>

namespace cairn::cpu {

// With fewer channels the additions would outweigh what they save.
inline bool is_winograd(const ConvolutionSizes& s) {
    constexpr std::int64_t fewest_channels = 16;
    return is_direct(s.window) && s.window.window_h == 3 && s.window.window_w == 3 && s.C >= fewest_channels &&
           s.O >= fewest_channels;
}

// So many tiles are worked on at once, of one image or several. In the products of y and dx, V stays in L2.
template <typename T>
std::int64_t tiles_at_once(std::int64_t channels);

// The frame of x, whose pixels are whole vectors. Every tile lies inside.
template <typename T>
Frame winograd_input_frame(const ConvolutionSizes& s);

// U of a kernel (3, 3, C, O), as (k, panel of O, C, panel_width) with zeros behind O. turned: for dx, U of the turned kernel
// (3, 3, O', C), as (k, panel of C, O', panel_width), where O' is O filled up to whole panels with zeros.
template <typename T>
Tensor transform_kernel(const T* kernel, std::int64_t C, std::int64_t O, bool turned, Allocator& allocator);

// The convolution of framed images with a transformed kernel to images (rows, columns, channels).
template <typename T>
class WinogradConvolution {
public:
    WinogradConvolution(const Frame& frame, const TileGrid& grid, std::int64_t channels);

    // Numbers that run() works in.
    std::int64_t scratch_size() const { return v_.size() + 16 * m_stride_; }

    // bias: whole panels of it, or nullptr.
    void run(const T* framed, std::int64_t images, const T* kernel, const T* bias, bool relu, T* y, T* scratch) const;

private:
    void transform_output(const T* m, std::int64_t first, std::int64_t tiles, std::int64_t channel, const T* bias,
                          bool relu, T* y) const;

    Frame frame_;
    TileGrid grid_;
    std::int64_t channels_, at_once_;
    Elements<T> v_;
    std::int64_t m_stride_;           // of a panel of M
    std::vector<std::int64_t> rows_;  // where in V_k each of its rows begins
};

// A layer's convolution: the kernel is transformed once, and every thread has its frames.
template <typename T>
class WinogradLayer {
public:
    WinogradLayer(const ConvolutionSizes& sizes, const T* kernel, const T* bias, bool relu, int threads,
                  Allocator& allocator);

    std::int64_t images_at_once() const { return at_once_; }

    // y (images, OH, OW, O) = those of the images n … of x, at most images_at_once().
    void run(const T* x, std::int64_t n, std::int64_t images, int thread, T* y) const;

private:
    ConvolutionSizes s;
    Frame frame_;
    TileGrid grid_;
    std::int64_t at_once_;
    WinogradConvolution<T> convolution_;
    bool relu_;
    Tensor kernel_, bias_, frames_, scratch_;
};

}  // namespace cairn::cpu
