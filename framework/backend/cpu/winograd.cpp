#include "backend/cpu/winograd.h"

#include "backend/cpu/loops.h"
#include "backend/cpu/sum_parts.h"

#include <algorithm>

namespace cairn::cpu {

template <typename T>
std::int64_t tiles_at_once(std::int64_t channels) {
    constexpr std::int64_t v_bytes = 192 * 1024, most = 96, fewest = 12;
    return std::clamp(v_bytes / (16 * channels * static_cast<std::int64_t>(sizeof(T))), fewest, most);
}

template <typename T>
Frame winograd_input_frame(const ConvolutionSizes& s) {
    const TileGrid grid(s.OH, s.OW);
    return {2 * grid.down() + 2,   2 * grid.across() + 2, s.C,
            whole_vectors<T>(s.C), s.window.pad_top,      s.window.pad_left};
}

template <typename T>
Tensor transform_kernel(const T* kernel, std::int64_t C, std::int64_t O, bool turned, Allocator& allocator) {
    const std::int64_t in = turned ? whole_panels<T>(O) : C, out = turned ? C : O,
                       panels = whole_panels<T>(out) / panel_width<T>;
    const std::int64_t element = in * panels * panel_width<T>;
    const Tensor u = Tensor::empty({16, panels, in, panel_width<T>}, dtype_of<T>(), allocator);
    T* to = u.data<T>();
    for_each_row(panels * in, 16 * panel_width<T>, [=](std::int64_t row) {
        const std::int64_t first = row / in * panel_width<T>, channel = row % in;
        for (int v = 0; v < panel_vectors; ++v) {
            Vector<T> g[3][3], made[4][4];
            for (int ab = 0; ab < 9; ++ab) {
                const T* from = kernel + (turned ? 8 - ab : ab) * C * O;
                const std::int64_t o = first + v * lanes<T>, there = channel < (turned ? O : C) ? out - o : 0;
                if (!turned && there >= lanes<T>) {
                    g[ab / 3][ab % 3] = load(from + channel * O + o);
                    continue;
                }
                T filters[lanes<T>] = {};  // an element of the filters from `channel` to this vector's channels
                for (std::int64_t i = 0; i < std::min<std::int64_t>(lanes<T>, there); ++i)
                    filters[i] = turned ? from[(o + i) * O + channel] : from[channel * O + o + i];
                g[ab / 3][ab % 3] = load<T>(filters);
            }
            transform_filter<T>(g, made);
            store_elements<T>(to + row * panel_width<T> + v * lanes<T>, element, made);
        }
    });
    return u;
}

template <typename T>
WinogradConvolution<T>::WinogradConvolution(const Frame& frame, const TileGrid& grid, std::int64_t channels)
    : frame_(frame),
      grid_(grid),
      channels_(channels),
      at_once_(tiles_at_once<T>(frame.channels)),
      v_(at_once_, whole_vectors<T>(frame.channels)),
      m_stride_(at_once_ * panel_width<T> + cache_line<T>) {
    for (std::int64_t t = 0; t < at_once_; ++t) rows_.push_back(t * v_.row_stride);
}

template <typename T>
void WinogradConvolution<T>::run(const T* framed, std::int64_t images, const T* kernel, const T* bias, bool relu, T* y,
                                 T* scratch) const {
    T *v = scratch, *m = scratch + v_.size();
    const std::int64_t all = images * grid_.per_image(), panel = frame_.channels * panel_width<T>;
    const std::int64_t element = frame_.channels * whole_panels<T>(channels_);
    for (std::int64_t first = 0; first < all; first += at_once_) {
        const std::int64_t tiles = std::min(at_once_, all - first);
        transform_input(frame_, grid_, framed, first, tiles, v_, v);
        // A panel of channels at a time, whose M is still in L1 when its outputs are made.
        for (std::int64_t o = 0; o < channels_; o += panel_width<T>) {
            TileProduct<T> tile{};
            tile.a_step = 1;
            tile.b_step = panel_width<T>;
            tile.segments = 1;
            tile.segment_length = frame_.channels;
            tile.c_row = panel_width<T>;
            tile.columns = panel_width<T>;
            for (std::int64_t k = 0; k < 16; ++k) {
                tile.a = v + k * v_.stride;
                tile.b = kernel + k * element + o / panel_width<T> * panel;
                for_each_tile(tiles, [&](std::int64_t t, std::int64_t height) {
                    tile.rows = rows_.data() + t;
                    tile.c = m + k * m_stride_ + t * panel_width<T>;
                    multiply_tile(height, tile);
                });
            }
            transform_output(m, first, tiles, o, bias ? bias + o : nullptr, relu, y);
        }
    }
}

template <typename T>
void WinogradConvolution<T>::transform_output(const T* m, std::int64_t first, std::int64_t tiles, std::int64_t channel,
                                              const T* bias, bool relu, T* y) const {
    const std::int64_t there = std::min<std::int64_t>(panel_width<T>, channels_ - channel);
    for (std::int64_t t = 0; t < tiles; ++t, m += panel_width<T>) {
        const Place at(grid_, first + t);
        T* pixel = y + ((at.image * grid_.rows + at.row) * grid_.columns + at.column) * channels_ + channel;
        const bool below = at.row + 1 < grid_.rows, right = at.column + 1 < grid_.columns;
        for (int v = 0; v < panel_vectors; ++v) {
            Vector<T> elements[4][4], made[2][2];
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
                for (int j = 0; j < 4; ++j) elements[i][j] = load(m + (4 * i + j) * m_stride_ + v * lanes<T>);
            transform_output_tile<T>(elements, made);
            const Vector<T> shift = bias ? load(bias + v * lanes<T>) : Vector<T>{};
            const std::int64_t count = std::clamp<std::int64_t>(there - v * lanes<T>, 0, lanes<T>);
            const auto put = [&](Vector<T> sum, T* to) {
                sum += shift;
                if (relu) sum = sum > Vector<T>{} ? sum : Vector<T>{};
                if (count == lanes<T>) store<T>(to + v * lanes<T>, sum);
                else std::memcpy(to + v * lanes<T>, &sum, static_cast<std::size_t>(count) * sizeof(T));
            };
            const std::int64_t row = grid_.columns * channels_;
            put(made[0][0], pixel);
            if (right) put(made[0][1], pixel + channels_);
            if (below) put(made[1][0], pixel + row);
            if (below && right) put(made[1][1], pixel + row + channels_);
        }
    }
}

template <typename T>
WinogradLayer<T>::WinogradLayer(const ConvolutionSizes& sizes, const T* kernel, const T* bias, bool relu, int threads,
                                Allocator& allocator)
    : s(sizes),
      frame_(winograd_input_frame<T>(s)),
      grid_(s.OH, s.OW),
      at_once_(grid_.images(tiles_at_once<T>(s.C))),
      convolution_(frame_, grid_, s.O),
      relu_(relu),
      kernel_(transform_kernel(kernel, s.C, s.O, false, allocator)) {
    if (bias) {
        bias_ = Tensor::empty({whole_panels<T>(s.O)}, dtype_of<T>(), allocator);
        pack_panels(bias, 1, s.O, bias_.data<T>());
    }
    scratch_ = Tensor::empty({threads, convolution_.scratch_size()}, dtype_of<T>(), allocator);
    if (fills(s, frame_)) return;
    frames_ = Tensor::empty({threads, at_once_ * frame_.size()}, dtype_of<T>(), allocator);
    std::fill_n(frames_.data<T>(), frames_.size(), T(0));
}

template <typename T>
void WinogradLayer<T>::run(const T* x, std::int64_t n, std::int64_t images, int thread, T* y) const {
    const T* framed = x + n * s.H * s.W * s.C;
    if (T* frames = part_of<T>(frames_, thread)) {
        for (std::int64_t i = 0; i < images; ++i)
            put_into_frame(framed + i * s.H * s.W * s.C, s.H, s.W, s.C, frame_, frames + i * frame_.size());
        framed = frames;
    }
    convolution_.run(framed, images, kernel_.template data<T>(), data_or_null<T>(bias_), relu_, y,
                     part_of<T>(scratch_, thread));
}

template class WinogradConvolution<float>;
template class WinogradConvolution<double>;
template class WinogradLayer<float>;
template class WinogradLayer<double>;
template std::int64_t tiles_at_once<float>(std::int64_t);
template std::int64_t tiles_at_once<double>(std::int64_t);
template Frame winograd_input_frame<float>(const ConvolutionSizes&);
template Frame winograd_input_frame<double>(const ConvolutionSizes&);
template Tensor transform_kernel<float>(const float*, std::int64_t, std::int64_t, bool, Allocator&);
template Tensor transform_kernel<double>(const double*, std::int64_t, std::int64_t, bool, Allocator&);

}  // namespace cairn::cpu
