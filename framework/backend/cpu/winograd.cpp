#include "cairn/backend/cpu/winograd.h"

#include <algorithm>

namespace cairn::cpu {

template <typename Tile>
std::int64_t tiles_at_once(std::int64_t channels) {
    constexpr std::int64_t v_bytes = 320 * 1024, most = 96, fewest = 12;
    constexpr std::int64_t number = sizeof(typename Tile::Number);
    return std::clamp(v_bytes / (Tile::elements * channels * number), fewest, most);
}

template <typename Tile>
Frame winograd_input_frame(const ConvolutionSizes& s) {
    return {round_up(s.OH, Tile::outputs) + 2,
            round_up(s.OW, Tile::outputs) + 2,
            s.C,
            whole_vectors<typename Tile::Number>(s.C),
            s.window.pad_top,
            s.window.pad_left};
}

template <typename Tile, typename T>
Tensor transform_kernel(const T* kernel, std::int64_t C, std::int64_t O, Allocator& allocator) {
    const std::int64_t panels = whole_panels<T>(O) / panel_width<T>, element = panels * C * panel_width<T>;
    const Tensor u = scratch<T>({Tile::elements, panels, C, panel_width<T>}, allocator);
    T* to = u.data<T>();
    for_each_row(panels * C, Tile::elements * panel_width<T>, [=](std::int64_t row) {
        const T* g = kernel + (row / C * 9 * C + row % C) * panel_width<T>;
        T* u_of_row = to + row * panel_width<T>;
        for (std::int64_t v = 0; v < panel_width<T>; v += lanes<T>)
            transform<Tile::filter>([&](int i, int j) { return load(g + (i * 3 + j) * C * panel_width<T> + v); },
                                    [&](int i, int j, const Vector<T>& made) {
                                        store<T>(u_of_row + (i * Tile::inputs + j) * element + v, made);
                                    });
    });
    return u;
}

template <typename Tile>
WinogradConvolution<Tile>::WinogradConvolution(const Frame& frame, const TileGrid<Tile>& grid, std::int64_t channels)
    : frame_(frame),
      grid_(grid),
      channels_(channels),
      at_once_(tiles_at_once<Tile>(frame.channels)),
      v_(at_once_, whole_vectors<T>(frame.channels)),
      m_stride_(at_once_ * panel_width<T> + cache_line<T>) {
    for (std::int64_t t = 0; t < at_once_; ++t) rows_.push_back(t * v_.row_stride);
}

template <typename Tile>
void WinogradConvolution<Tile>::run(const T* framed, std::int64_t images, const T* kernel, const T* bias, bool relu,
                                    T* y, T* scratch) const {
    T *v = scratch, *m = scratch + v_.size();
    const std::int64_t all = images * grid_.per_image(), panel = frame_.channels * panel_width<T>;
    const std::int64_t element = frame_.channels * whole_panels<T>(channels_);
    for (std::int64_t first = 0; first < all; first += at_once_) {
        const std::int64_t tiles = std::min(at_once_, all - first);
        transform_input(frame_, grid_, framed, first, tiles, v_, v);
        // A panel of channels at a time, whose M is still in L1 when its outputs are made.
        for (std::int64_t o = 0; o < channels_; o += panel_width<T>) {
            StripProduct<T> product{};
            product.terms = {frame_.channels};
            product.c_row = panel_width<T>;
            product.columns = panel_width<T>;
            for (std::int64_t k = 0; k < Tile::elements; ++k) {
                product.a = {v + k * v_.stride, 1};
                product.b = {kernel + k * element + o / panel_width<T> * panel, panel_width<T>};
                for_each_strip(tiles, [&](std::int64_t t, std::int64_t height) {
                    product.rows = rows_.data() + t;
                    product.c = m + k * m_stride_ + t * panel_width<T>;
                    multiply_strip(height, product);
                });
            }
            transform_output(m, first, tiles, o, bias ? bias + o : nullptr, relu, y);
        }
    }
}

template <typename Tile>
void WinogradConvolution<Tile>::transform_output(const T* m, std::int64_t first, std::int64_t tiles,
                                                 std::int64_t channel, const T* bias, bool with_relu, T* y) const {
    const std::int64_t there = std::min<std::int64_t>(panel_width<T>, channels_ - channel);
    for (std::int64_t t = 0; t < tiles; ++t, m += panel_width<T>) {
        const TileOrigin at(grid_, first + t);
        T* pixel = y + ((at.image * grid_.rows + at.row) * grid_.columns + at.column) * channels_ + channel;
        const std::int64_t row = grid_.columns * channels_, rows = grid_.rows - at.row,
                           columns = grid_.columns - at.column;
        for (int v = 0; v < panel_vectors; ++v) {
            const Vector<T> shift = bias ? load(bias + v * lanes<T>) : Vector<T>{};
            const std::int64_t count = std::clamp<std::int64_t>(there - v * lanes<T>, 0, lanes<T>);
            transform<Tile::output>(
                [&](int i, int j) { return load(m + (i * Tile::inputs + j) * m_stride_ + v * lanes<T>); },
                [&](int i, int j, Vector<T> sum) {
                    if (i >= rows || j >= columns) return;
                    sum += shift;
                    if (with_relu) sum = relu<T>(sum);
                    T* to = pixel + i * row + j * channels_ + v * lanes<T>;
                    if (count == lanes<T>) store<T>(to, sum);
                    else std::memcpy(to, &sum, static_cast<std::size_t>(count) * sizeof(T));
                });
        }
    }
}

template <typename T>
WinogradLayer<T>::WinogradLayer(const ForwardOperands<T>& operands, int threads, Allocator& allocator)
    : grid_(operands.s.OH, operands.s.OW),
      at_once_(grid_.images(tiles_at_once<F2<T>>(operands.s.C))),
      images_(operands, winograd_input_frame<F2<T>>(operands.s), at_once_, threads, allocator),
      convolution_(winograd_input_frame<F2<T>>(operands.s), grid_, operands.s.O),
      relu_(operands.relu),
      scratch_(scratch<T>({threads, convolution_.scratch_size()}, allocator)) {
    const ConvolutionSizes& s = operands.s;
    const Tensor panels = scratch<T>({s.patch(), whole_panels<T>(s.O)}, allocator);
    pack_panels(operands.kernel, s.patch(), s.O, panels.data<T>());
    kernel_ = transform_kernel<F2<T>>(panels.data<T>(), s.C, s.O, allocator);
}

template class WinogradLayer<float>;
template class WinogradLayer<double>;
template class WinogradConvolution<F4<float>>;
template class WinogradConvolution<F4<double>>;
template Frame winograd_input_frame<F4<float>>(const ConvolutionSizes&);
template Frame winograd_input_frame<F4<double>>(const ConvolutionSizes&);
template Tensor transform_kernel<F4<float>>(const float*, std::int64_t, std::int64_t, Allocator&);
template Tensor transform_kernel<F4<double>>(const double*, std::int64_t, std::int64_t, Allocator&);

}  // namespace cairn::cpu
