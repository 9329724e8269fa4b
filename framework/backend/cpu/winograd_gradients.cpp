#include "cairn/backend/cpu/winograd_gradients.h"

#include <algorithm>
#include <cstring>

namespace cairn::cpu {

namespace {

// So many tiles are worked on at once: V and Z stay in L2, and S, which is read and written once for all of them, costs little
// yet.
constexpr std::int64_t gradient_tiles = 32;

template <typename T>
Frame frame_of_x(const ConvolutionSizes& s) {
    Frame frame = winograd_input_frame<F4<T>>(s);
    if (!fills(s, frame)) frame.stride = spread<T>(frame.stride);
    return frame;
}

// Z of the tiles first … first + tiles - 1 of framed cotangents.
template <typename Tile, typename T>
void transform_cotangent(const Frame& frame, const TileGrid<Tile>& grid, const T* framed, std::int64_t first,
                         std::int64_t tiles, const Elements<Tile>& z, T* to) {
    for (std::int64_t t = 0; t < tiles; ++t, to += z.row_stride) {
        const TileOrigin at(grid, first + t);
        const T* from = framed + at.image * frame.size() + frame.at(at.row) + at.column * frame.stride;
        for (std::int64_t o = 0; o < frame.channels; o += lanes<T>)
            transform<Tile::cotangent>(
                [&](int i, int j) { return load(from + i * frame.row_stride() + j * frame.stride + o); },
                [&](int i, int j, const Vector<T>& made) { store<T>(to + z.at(i, j) + o, made); });
    }
}

}  // namespace

template <typename T>
WinogradGradients<T>::WinogradGradients(const ConvolutionSizes& sizes, bool dx_wanted)
    : x_frame(frame_of_x<T>(sizes)),
      dz_frame(frame_of_dz<T>(sizes, dx_wanted, Tile::outputs)),
      images_at_once(TileGrid<Tile>(sizes.OH, sizes.OW).images(gradient_tiles)),
      s(sizes),
      grid_(s.OH, s.OW),
      v_(gradient_tiles, whole_vectors<T>(s.C)),
      z_(gradient_tiles, dz_frame.channels),
      convolution_(dz_frame, TileGrid<Tile>(s.H, s.W), s.C) {
    for (std::int64_t c = 0; c < s.C; ++c) rows_.push_back(c);
}

template <typename T>
void WinogradGradients<T>::add_to_sums(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums,
                                       T* scratch) const {
    T *v = scratch, *z = scratch + v_.size();
    const std::int64_t all = images * grid_.per_image(), C = s.C, O = dz_frame.channels;
    for (std::int64_t first = 0; first < all; first += gradient_tiles) {
        const std::int64_t tiles = std::min(gradient_tiles, all - first);
        transform_input(x_frame, grid_, x, first, tiles, v_, v);
        transform_cotangent(dz_frame, grid_, dz, first, tiles, z_, z);
        for (std::int64_t k = 0; k < Tile::elements; ++k)
            for (std::int64_t o = 0; o < O; o += panel_width<T>) {
                StripProduct<T> product{};
                product.terms = {tiles};
                product.a = {v + k * v_.stride, v_.row_stride};
                product.b = {z + k * z_.stride + o, z_.row_stride};
                product.c_row = O;
                product.columns = panel_width<T>;
                product.accumulate = accumulate || first > 0;
                for_each_strip(C, [&](std::int64_t c, std::int64_t height) {
                    product.rows = rows_.data() + c;
                    product.c = sums + (k * C + c) * O + o;
                    multiply_strip(height, product);
                });
            }
    }
}

// dkernel (3, 3, C, O) = G^T S G, where S is the sum of the threads' parts.
template <typename T>
void WinogradGradients<T>::finish_sums(const T* sums, std::int64_t parts, T* dkernel) const {
    const std::int64_t C = s.C, O = s.O, row = dz_frame.channels, element = C * row;
    for_each_row(C, Tile::elements * row, [=](std::int64_t c) {
        for (std::int64_t o = 0; o < O; o += lanes<T>) {
            const std::size_t count = static_cast<std::size_t>(std::min<std::int64_t>(lanes<T>, O - o)) * sizeof(T);
            transform<Tile::filter_gradient>(
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

template <typename T>
Tensor WinogradGradients<T>::pack(const T* kernel, Allocator& allocator) const {
    const Tensor turned = pack_turned_panels(kernel, s, allocator);
    return transform_kernel<Tile>(turned.data<T>(), dz_frame.channels, s.C, allocator);
}

template <typename T>
void WinogradGradients<T>::input_gradient(const T* dz, std::int64_t images, const T* packed, T* dx, T* scratch) const {
    convolution_.run(dz, images, packed, nullptr, false, dx, scratch);
}

template class WinogradGradients<float>;
template class WinogradGradients<double>;

}  // namespace cairn::cpu
