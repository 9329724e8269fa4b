// Convolutions of 3 x 3 and stride 1 with fewer multiplications: Winograd's minimal filtering, F(2 x 2, 3 x 3).
//
// A tile of 2 x 2 outputs looks at 4 x 4 inputs d. For one channel and one filter g (3 x 3), with * element by element,
//
//   y = A^T [ (G g G^T) * (B^T d B) ] A
//
//         1  0 -1  0        1   0   0
//   B^T = 0  1  1  0    G = 1/2 1/2 1/2     A^T = 1 1  1  0
//         0 -1  1  0        1/2 -1/2 1/2          0 1 -1 -1
//         0  1  0 -1        0   0   1
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

#include "backend/cpu/conv2d_direct.h"

#include <algorithm>
#include <vector>

namespace cairn::cpu {

// With fewer channels the additions would outweigh what they save.
inline bool is_winograd(const ConvolutionSizes& s) {
    constexpr std::int64_t fewest_channels = 16;
    return is_direct(s.window) && s.window.window_h == 3 && s.window.window_w == 3 && s.C >= fewest_channels &&
           s.O >= fewest_channels;
}

// 16 matrices of `rows` rows, one for each element of a transformed tile. Rows and matrices are spread, so that they do not
// compete for the same places in L1.
template <typename T>
struct Elements {
    Elements(std::int64_t row_count, std::int64_t columns)
        : rows(row_count), row_stride(spread<T>(columns)), stride(rows * row_stride + cache_line<T>) {}

    std::int64_t size() const { return 16 * stride; }

    std::int64_t rows, row_stride, stride;
};

// The 2 x 2 tiles of images (rows, columns): one at an odd edge is half outside.
struct TileGrid {
    TileGrid(std::int64_t image_rows, std::int64_t image_columns) : rows(image_rows), columns(image_columns) {}

    std::int64_t down() const { return (rows + 1) / 2; }
    std::int64_t across() const { return (columns + 1) / 2; }
    std::int64_t per_image() const { return down() * across(); }
    // So many images that they have about `tiles`.
    std::int64_t images(std::int64_t tiles) const { return std::max<std::int64_t>(1, tiles / per_image()); }

    std::int64_t rows, columns;
};

// So many tiles are worked on at once, of one image or several. In the products of y and dx, V stays in L2.
template <typename T>
std::int64_t tiles_at_once(std::int64_t channels);
// Those of dkernel are sums over the tiles. Many of them, so that S, which is larger than L2, is seldom read and written: of
// 8 x 8 x 128 to 128 channels 146 instead of 90 GFLOP/s (of the formula's) with 24 (AVX2).
inline constexpr std::int64_t gradient_tiles = 128;

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

// dkernel, summed for some images at a time into S (k, C, O'), O' whole panels.
template <typename T>
class WinogradKernelGradient {
public:
    WinogradKernelGradient(const Frame& x_frame, const Frame& dz_frame, const TileGrid& grid);

    std::int64_t sums_size() const { return 16 * x_frame_.channels * dz_frame_.channels; }
    std::int64_t scratch_size() const { return v_.size() + z_.size(); }

    // S (+)= what framed images add to it.
    void add(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums, T* scratch) const;

private:
    Frame x_frame_, dz_frame_;
    TileGrid grid_;
    std::int64_t at_once_;
    Elements<T> v_, z_;
    std::vector<std::int64_t> rows_;  // where in a row of V each channel lies
};

// dkernel (3, 3, C, O) = G^T S G, where S is the sum of the threads' parts.
template <typename T>
void finish_kernel_gradient(const T* sums, std::int64_t parts, std::int64_t C, std::int64_t O, T* dkernel);

}  // namespace cairn::cpu
