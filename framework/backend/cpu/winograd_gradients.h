// The gradients of a convolution of 3 x 3 without strides, by Winograd's tiles; the formulas are in winograd.h.
#pragma once

#include "cairn/backend/cpu/framed_backward.h"
#include "cairn/backend/cpu/winograd.h"

#include <vector>

namespace cairn::cpu {

template <typename T>
class WinogradGradients {
public:
    using Tile = F4<T>;

    WinogradGradients(const ConvolutionSizes& sizes, bool dx_wanted);

    std::int64_t scratch_size() const { return std::max(v_.size() + z_.size(), convolution_.scratch_size()); }
    // S (k, C, O'), O' whole panels.
    std::int64_t sums_size() const { return Tile::elements * s.C * dz_frame.channels; }
    void add_to_sums(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums, T* scratch) const;
    void finish_sums(const T* sums, std::int64_t parts, T* dkernel) const;
    Tensor pack(const T* kernel, Allocator& allocator) const;
    void input_gradient(const T* dz, std::int64_t images, const T* packed, T* dx, T* scratch) const;

    const Frame x_frame, dz_frame;
    const std::int64_t images_at_once;

private:
    ConvolutionSizes s;
    TileGrid<Tile> grid_;  // of y
    Elements<Tile> v_, z_;
    std::vector<std::int64_t> rows_;         // where in a row of V each channel lies
    WinogradConvolution<Tile> convolution_;  // of dz with the turned kernel
};

}  // namespace cairn::cpu
