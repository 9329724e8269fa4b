#include "backend/cpu/winograd_gradient.h"

#include "backend/cpu/loops.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

namespace {

// Z of the tiles first … first + tiles - 1 of framed cotangents.
template <typename T>
void transform_cotangent(const Frame& frame, const TileGrid& grid, const T* framed, std::int64_t first,
                         std::int64_t tiles, const Elements<T>& z, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += z.row_stride) {
        const Place at(grid, first + t);
        const T* from = framed + at.image * frame.size() + frame.at(at.row) + at.column * frame.stride;
        for (std::int64_t o = 0; o < frame.channels; o += lanes<T>) {
            Vector<T> dz[2][2], made[4][4];
            load_tile<T>(frame, from + o, dz);
            transform_cotangent_tile<T>(dz, made);
            store_elements<T>(to + o, z.stride, made);
        }
    }
}

}  // namespace

template <typename T>
WinogradKernelGradient<T>::WinogradKernelGradient(const Frame& x_frame, const Frame& dz_frame, const TileGrid& grid)
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
        for (std::int64_t k = 0; k < 16; ++k)
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
    const std::int64_t row = whole_panels<T>(O), element = C * row;
    for_each_row(C, 16 * row, [=](std::int64_t c) {
        for (std::int64_t o = 0; o < O; o += lanes<T>) {
            Vector<T> s[4][4], g[3][3];
            for (int k = 0; k < 16; ++k) {
                const T* from = sums + k * element + c * row + o;
                Vector<T> sum = load(from);
                for (std::int64_t part = 1; part < parts; ++part) sum += load(from + part * 16 * element);
                s[k / 4][k % 4] = sum;
            }
            transform_filter_gradient<T>(s, g);
            const std::size_t count = static_cast<std::size_t>(std::min<std::int64_t>(lanes<T>, O - o)) * sizeof(T);
            for (int ab = 0; ab < 9; ++ab) std::memcpy(dkernel + (ab * C + c) * O + o, &g[ab / 3][ab % 3], count);
        }
    });
}

template class WinogradKernelGradient<float>;
template class WinogradKernelGradient<double>;
template void finish_kernel_gradient<float>(const float*, std::int64_t, std::int64_t, std::int64_t, float*);
template void finish_kernel_gradient<double>(const double*, std::int64_t, std::int64_t, std::int64_t, double*);

}  // namespace cairn::cpu
