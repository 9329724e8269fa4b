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

// tile_elements matrices of `rows` rows, one for each element of a transformed tile. Rows and matrices are spread, so that they do not
// compete for the same places in L1.
template <typename T>
struct Elements {
    Elements(std::int64_t row_count, std::int64_t columns)
        : rows(row_count), row_stride(spread<T>(columns)), stride(rows * row_stride + cache_line<T>) {}

    std::int64_t size() const { return tile_elements * stride; }

    std::int64_t rows, row_stride, stride;
};

// The tiles of tile_outputs x tile_outputs pixels of images (rows, columns): those at the end may be partly outside.
struct TileGrid {
    TileGrid(std::int64_t image_rows, std::int64_t image_columns) : rows(image_rows), columns(image_columns) {}

    std::int64_t down() const { return (rows + tile_outputs - 1) / tile_outputs; }
    std::int64_t across() const { return (columns + tile_outputs - 1) / tile_outputs; }
    std::int64_t per_image() const { return down() * across(); }
    // So many images that they have about `tiles`.
    std::int64_t images(std::int64_t tiles) const { return std::max<std::int64_t>(1, tiles / per_image()); }

    std::int64_t rows, columns;
};

// The place of tile `tile`, counted over all images.
struct Place {
    Place(const TileGrid& grid, std::int64_t tile)
        : image(tile / grid.per_image()),
          row(tile % grid.per_image() / grid.across() * tile_outputs),
          column(tile % grid.across() * tile_outputs) {}

    std::int64_t image, row, column;  // of the tile's first pixel
};

// V of the tiles first … first + tiles - 1 of framed images.
template <typename T>
void transform_input(const Frame& frame, const TileGrid& grid, const T* framed, std::int64_t first, std::int64_t tiles,
                     const Elements<T>& v, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += v.row_stride) {
        const Place at(grid, first + t);
        const T* from = framed + at.image * frame.size() + at.row * frame.row_stride() + at.column * frame.stride;
        for (std::int64_t c = 0; c < frame.channels; c += lanes<T>) {
            transform_input_tile<T>(
                [&](int i, int j) { return load(from + i * frame.row_stride() + j * frame.stride + c); },
                [&](int i, int j, const Vector<T>& element) {
                    store<T>(to + (i * tile_inputs + j) * v.stride + c, element);
                });
        }
    }
}

}  // namespace cairn::cpu
