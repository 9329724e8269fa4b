#include "backend/cpu/winograd_gradient.h"

#include "backend/cpu/loops.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

namespace {

// Z of the tiles first … first + tiles - 1 of framed cotangents.
template <typename Tile, typename T>
void transform_cotangent(const Frame& frame, const TileGrid<Tile>& grid, const T* framed, std::int64_t first,
                         std::int64_t tiles, const Elements<Tile>& z, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += z.row_stride) {
        const Place at(grid, first + t);
        const T* from = framed + at.image * frame.size() + frame.at(at.row) + at.column * frame.stride;
        for (std::int64_t o = 0; o < frame.channels; o += lanes<T>)
            Tile::cotangent([&](int i, int j) { return load(from + i * frame.row_stride() + j * frame.stride + o); },
                            [&](int i, int j, const Vector<T>& made) { store<T>(to + z.at(i, j) + o, made); });
    }
}

}  // namespace

template <typename T>
WinogradKernelGradient<T>::WinogradKernelGradient(const Frame& x_frame, const Frame& dz_frame,
                                                  const TileGrid<Tile>& grid)
    : x_frame_(x_frame),
      dz_frame_(dz_frame),
      grid_(grid),
      v_(gradient_tiles, whole_vectors<T>(x_frame.channels)),
      z_(gradient_tiles, dz_frame.channels) {
    for (std::int64_t c = 0; c < x_frame.channels; ++c) rows_.push_back(c);
}

template <typename T>
void WinogradKernelGradient<T>::add(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums,
                                    T* scratch) const {
    T *v = scratch, *z = scratch + v_.size();
    const std::int64_t all = images * grid_.per_image(), C = x_frame_.channels, O = dz_frame_.channels;
    for (std::int64_t first = 0; first < all; first += gradient_tiles) {
        const std::int64_t tiles = std::min(gradient_tiles, all - first);
        transform_input(x_frame_, grid_, x, first, tiles, v_, v);
        transform_cotangent(dz_frame_, grid_, dz, first, tiles, z_, z);
        for (std::int64_t k = 0; k < Tile::elements; ++k)
            for (std::int64_t o = 0; o < O; o += panel_width<T>) {
                TileProduct<T> tile{};
                tile.a = v + k * v_.stride;
                tile.a_step = v_.row_stride;
                tile.b = z + k * z_.stride + o;
                tile.b_step = z_.row_stride;
                tile.segments = 1;
                tile.segment_length = tiles;
                tile.c_row = O;
                tile.columns = panel_width<T>;
                tile.accumulate = accumulate || first > 0;
                for_each_tile(C, [&](std::int64_t c, std::int64_t height) {
                    tile.rows = rows_.data() + c;
                    tile.c = sums + (k * C + c) * O + o;
                    multiply_tile(height, tile);
                });
            }
    }
}

template <typename T>
void finish_kernel_gradient(const T* sums, std::int64_t parts, std::int64_t C, std::int64_t O, T* dkernel) {
    using Tile = F4<T>;
    const std::int64_t row = whole_panels<T>(O), element = C * row;
    for_each_row(C, Tile::elements * row, [=](std::int64_t c) {
        for (std::int64_t o = 0; o < O; o += lanes<T>) {
            const std::size_t count = static_cast<std::size_t>(std::min<std::int64_t>(lanes<T>, O - o)) * sizeof(T);
            Tile::filter_gradient(
                [&](int i, int j) {
                    const T* from = sums + (i * Tile::inputs + j) * element + c * row + o;
                    Vector<T> sum = load(from);
                    for (std::int64_t part = 1; part < parts; ++part)
                        sum += load(from + part * Tile::elements * element);
                    return sum;
                },
                [&](int i, int j, const Vector<T>& dg) {
                    std::memcpy(dkernel + ((i * 3 + j) * C + c) * O + o, &dg, count);
                });
        }
    });
}

template class WinogradKernelGradient<float>;
template class WinogradKernelGradient<double>;
template void finish_kernel_gradient<float>(const float*, std::int64_t, std::int64_t, std::int64_t, float*);
template void finish_kernel_gradient<double>(const double*, std::int64_t, std::int64_t, std::int64_t, double*);

}  // namespace cairn::cpu
