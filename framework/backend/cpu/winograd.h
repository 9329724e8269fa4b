// Convolutions of 3 x 3 and stride 1 with fewer multiplications: Winograd's minimal filtering, F(m x m, 3 x 3).
//
// A tile of m x m outputs looks at n x n inputs d, n = m + 2. For one channel and one filter g (3 x 3), with * element by
// element,
//
//   y = A^T [ (G g G^T) * (B^T d B) ] A
//
// takes n^2 multiplications; the m^2 windows one by one take 9 m^2. It multiplies polynomials by their values at n - 1 points
// and at infinity. F(2 x 2, 3 x 3), 16 multiplications instead of 36, takes 0, 1 and -1:
//
//         1  0 -1  0         1    0    0             1  1  1  0
//   B^T = 0  1  1  0     G = 1/2  1/2  1/2     A^T = 0  1 -1 -1
//         0 -1  1  0         1/2 -1/2  1/2
//         0  1  0 -1         0    0    1
//
// F(4 x 4, 3 x 3), 36 instead of 144, takes 0, p, -p, q and -q; with p = 1/sqrt(2) and q = sqrt(2) the rounding errors are half
// to a third of those with 1 and 2:
//
//         1   0  -5/2  0   1   0          1     0     0
//         0 -2p   -2   p   1   0        -2/3 -2p/3  -1/3          1   1    1    1    1   0
//   B^T = 0  2p   -2  -p   1   0    G = -2/3  2p/3  -1/3    A^T = 0   p   -p    q   -q   0
//         0 -q/2 -1/2  q   1   0         1/6   q/6   1/3          0  1/2  1/2   2    2   0
//         0  q/2 -1/2 -q   1   0         1/6  -q/6   1/3          0  p/2 -p/2  2q  -2q   1
//         0   1    0 -5/2  0   1          0     0     1
//
// Over all channels each of the n^2 elements k is a product of matrices, and so is what training needs of it:
//
//   forward  M_k (tiles, O) = V_k (tiles, C) U_k (C, O)     V = B^T d B, U = G g G^T, y = A^T M A
//   dkernel  S_k (C, O)     = V_k^T Z_k (tiles, O)          Z = A dz A^T, dg = G^T S G
//   dx       the same as forward, from dz and the kernel turned by 180 degrees with its channels swapped
//
// What this exploits: 2.25 or 4 times fewer multiply-adds, for some dozen additions per number of x, y and dz, which are few
// where each is used for many channels. What it costs: the sums are rounded in another order, and a number of x leaves its trace
// (of the size of its rounding error) in all outputs of its tile, also in those that do not look at it. Forward takes the
// smaller tiles: their errors are a quarter, and behind it a ReLU or a maximum decides by them which way gradients go. The
// gradients, behind which nothing decides, take the larger ones.
//
// Sources: A. Lavin, S. Gray, Fast algorithms for convolutional neural networks (2015), arXiv:1509.09308, sections 4.1 and
// 4.3, the latter with other points; dkernel is the transpose of its equation 8. B. Barabasz, A. Anderson, K. M. Soodhalter,
// D. Gregg, Error analysis and improving the accuracy of Winograd convolution for deep neural networks (2020), on the points.
#pragma once

#include "cairn/backend/cpu/winograd_tiles.h"

#include <vector>

namespace cairn::cpu {

// So many tiles are worked on at once, of one image or several. In the products of y and dx, V stays in L2.
template <typename Tile>
std::int64_t tiles_at_once(std::int64_t channels);

// The frame of x, whose pixels are whole vectors. Every tile lies inside.
template <typename Tile>
Frame winograd_input_frame(const ConvolutionSizes& s);

// U of a kernel (3, 3, C, O) in panels (layout.h), as (k, panel of O, C, panel_width).
template <typename Tile, typename T = typename Tile::Number>
Tensor transform_kernel(const T* kernel, std::int64_t C, std::int64_t O, Allocator& allocator);

// The convolution of framed images with a transformed kernel to images (rows, columns, channels).
template <typename Tile>
class WinogradConvolution {
public:
    using T = typename Tile::Number;

    WinogradConvolution(const Frame& frame, const TileGrid<Tile>& grid, std::int64_t channels);

    // Numbers that run() works in.
    std::int64_t scratch_size() const { return v_.size() + Tile::elements * m_stride_; }

    // bias: whole panels of it, or nullptr.
    void run(const T* framed, std::int64_t images, const T* kernel, const T* bias, bool relu, T* y, T* scratch) const;

private:
    void transform_output(const T* m, std::int64_t first, std::int64_t tiles, std::int64_t channel, const T* bias,
                          bool relu, T* y) const;

    Frame frame_;
    TileGrid<Tile> grid_;
    std::int64_t channels_, at_once_;
    Elements<Tile> v_;
    std::int64_t m_stride_;           // of a panel of M
    std::vector<std::int64_t> rows_;  // where in V_k each of its rows begins
};

// A layer's forward pass: the kernel is transformed once, and every thread has its frames.
template <typename T>
class WinogradLayer {
public:
    WinogradLayer(const ForwardOperands<T>& operands, int threads, Allocator& allocator);

    std::int64_t images_at_once() const { return at_once_; }

    // y (images, OH, OW, O) = those of the images n … of x, at most images_at_once().
    void run(std::int64_t n, std::int64_t images, int thread, T* y) const {
        convolution_.run(images_.framed(n, images, thread), images, kernel_.template data<T>(), images_.bias(), relu_,
                         y, part_of<T>(scratch_, thread));
    }

private:
    TileGrid<F2<T>> grid_;
    std::int64_t at_once_;
    FramedImages<T> images_;
    WinogradConvolution<F2<T>> convolution_;
    bool relu_;
    Tensor kernel_, scratch_;
};

}  // namespace cairn::cpu
