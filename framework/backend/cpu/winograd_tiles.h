// What Winograd's convolution (winograd.h) and its kernel gradient (winograd_gradients.h) share: where tiles lie, and V. A
// Tile is one of winograd_transforms.h.
#pragma once

#include "cairn/backend/cpu/layout.h"
#include "cairn/backend/cpu/winograd_transforms.h"

#include <algorithm>

namespace cairn::cpu {

// Whole vectors of channels.
template <typename T>
std::int64_t whole_vectors(std::int64_t n) {
    return round_up(n, lanes<T>);
}

// A matrix of `rows` rows for each element of a transformed tile. Rows and matrices are spread, so that they do not compete
// for the same sets of L1.
template <typename Tile>
struct Elements {
    using T = typename Tile::Number;

    Elements(std::int64_t row_count, std::int64_t columns)
        : rows(row_count), row_stride(spread<T>(columns)), stride(rows * row_stride + cache_line<T>) {}

    std::int64_t size() const { return Tile::elements * stride; }
    std::int64_t at(int i, int j) const { return (i * Tile::inputs + j) * stride; }

    std::int64_t rows, row_stride, stride;
};

// The tiles of images (rows, columns): those at the lower and the right edge may be partly outside.
template <typename Tile>
struct TileGrid {
    TileGrid(std::int64_t image_rows, std::int64_t image_columns) : rows(image_rows), columns(image_columns) {}

    std::int64_t down() const { return round_up(rows, Tile::outputs) / Tile::outputs; }
    std::int64_t across() const { return round_up(columns, Tile::outputs) / Tile::outputs; }
    std::int64_t per_image() const { return down() * across(); }
    // So many images that they have about `tiles`.
    std::int64_t images(std::int64_t tiles) const { return std::max<std::int64_t>(1, tiles / per_image()); }

    std::int64_t rows, columns;
};

// Where the first output of tile `tile` is, counted over all images.
template <typename Tile>
struct TileOrigin {
    TileOrigin(const TileGrid<Tile>& grid, std::int64_t tile)
        : image(tile / grid.per_image()),
          row(tile % grid.per_image() / grid.across() * Tile::outputs),
          column(tile % grid.across() * Tile::outputs) {}

    std::int64_t image, row, column;
};

// V of the tiles first … first + tiles - 1 of framed images.
template <typename Tile, typename T>
void transform_input(const Frame& frame, const TileGrid<Tile>& grid, const T* framed, std::int64_t first,
                     std::int64_t tiles, const Elements<Tile>& v, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += v.row_stride) {
        const TileOrigin at(grid, first + t);
        const T* from = framed + at.image * frame.size() + at.row * frame.row_stride() + at.column * frame.stride;
        for (std::int64_t c = 0; c < frame.channels; c += lanes<T>)
            transform<Tile::input>(
                [&](int i, int j) { return load(from + i * frame.row_stride() + j * frame.stride + c); },
                [&](int i, int j, const Vector<T>& made) { store<T>(to + v.at(i, j) + c, made); });
    }
}

}  // namespace cairn::cpu
