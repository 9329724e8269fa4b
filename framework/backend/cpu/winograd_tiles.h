// What Winograd's convolution (winograd.h) and its kernel gradient (winograd_gradient.h) share: where tiles lie, and V.
#pragma once

#include "backend/cpu/conv2d_direct.h"
#include "backend/cpu/winograd_transforms.h"

#include <algorithm>

namespace cairn::cpu {

// Whole vectors of channels.
template <typename T>
std::int64_t whole_vectors(std::int64_t n) {
    return (n + lanes<T> - 1) / lanes<T> * lanes<T>;
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

// The place of tile `tile`, counted over all images.
struct Place {
    Place(const TileGrid& grid, std::int64_t tile)
        : image(tile / grid.per_image()),
          row(tile % grid.per_image() / grid.across() * 2),
          column(tile % grid.across() * 2) {}

    std::int64_t image, row, column;  // of the tile's first pixel
};

// Reads N x N pixels of a frame.
template <typename T, int N>
void load_tile(const Frame& frame, const T* from, Vector<T> (&tile)[N][N]) {
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i)
#pragma GCC unroll 4
        for (int j = 0; j < N; ++j) tile[i][j] = load(from + i * frame.row_stride() + j * frame.stride);
}

template <typename T>
void store_elements(T* to, std::int64_t stride, const Vector<T> (&tile)[4][4]) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) store<T>(to + (4 * i + j) * stride, tile[i][j]);
}

// V of the tiles first … first + tiles - 1 of framed images.
template <typename T>
void transform_input(const Frame& frame, const TileGrid& grid, const T* framed, std::int64_t first, std::int64_t tiles,
                     const Elements<T>& v, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += v.row_stride) {
        const Place at(grid, first + t);
        const T* from = framed + at.image * frame.size() + at.row * frame.row_stride() + at.column * frame.stride;
        for (std::int64_t c = 0; c < frame.channels; c += lanes<T>) {
            Vector<T> d[4][4], made[4][4];
            load_tile<T>(frame, from + c, d);
            transform_input_tile<T>(d, made);
            store_elements<T>(to + c, v.stride, made);
        }
    }
}

}  // namespace cairn::cpu
