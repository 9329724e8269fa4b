// The gradient of a 3 x 3 kernel by Winograd's tiles; the formulas are in winograd.h.
#pragma once

#include "backend/cpu/winograd_tiles.h"

#include <vector>

namespace cairn::cpu {

// So many tiles are worked on at once: V and Z stay in L2, and S, which is read and written once for all of them, costs little
// yet. On a processor with 2 MB of L2, 32 take 0.9 to 0.75 times as long as 128 for the layers of the ResNet (AVX-512).
inline constexpr std::int64_t gradient_tiles = 32;

// dkernel, summed for some images at a time into S (k, C, O'), O' whole panels.
template <typename T>
class WinogradKernelGradient {
public:
    using Tile = F4<T>;

    WinogradKernelGradient(const Frame& x_frame, const Frame& dz_frame, const TileGrid<Tile>& grid);

    // Numbers that add() works in.
    std::int64_t scratch_size() const { return v_.size() + z_.size(); }

    // S (+)= what framed images add to it.
    void add(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums, T* scratch) const;

private:
    Frame x_frame_, dz_frame_;
    TileGrid<Tile> grid_;
    Elements<Tile> v_, z_;
    std::vector<std::int64_t> rows_;  // where in a row of V each channel lies
};

// dkernel (3, 3, C, O) = G^T S G, where S is the sum of the threads' parts.
template <typename T>
void finish_kernel_gradient(const T* sums, std::int64_t parts, std::int64_t C, std::int64_t O, T* dkernel);

}  // namespace cairn::cpu
