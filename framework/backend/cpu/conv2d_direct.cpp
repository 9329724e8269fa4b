#include "backend/cpu/conv2d_direct.h"

#include "backend/cpu/sum_parts.h"

#include <algorithm>

namespace cairn::cpu {

template <typename T>
void put_into_frame(const T* image, std::int64_t H, std::int64_t W, std::int64_t C, const Frame& frame, T* to) {
    for (std::int64_t i = 0; i < H; ++i) {
        const T* from = image + i * W * C;
        T* row = to + frame.at(i);
        if (C == frame.stride) {
            std::copy_n(from, W * C, row);
        } else {
            for (std::int64_t j = 0; j < W; ++j) std::copy_n(from + j * C, C, row + j * frame.stride);
        }
    }
}

template <typename T>
void pack_panels(const T* kernel, std::int64_t K, std::int64_t O, T* to) {
    for_each_row(whole_panels<T>(O) / panel_width<T> * K, panel_width<T>, [=](std::int64_t row) {
        const std::int64_t first = row / K * panel_width<T>, k = row % K;
        const std::int64_t there = std::min<std::int64_t>(panel_width<T>, O - first);
        T* panel = to + row * panel_width<T>;
        std::copy_n(kernel + k * O + first, there, panel);
        std::fill(panel + there, panel + panel_width<T>, T(0));
    });
}

template <typename T>
void pack_turned_panels(const T* kernel, std::int64_t kh, std::int64_t kw, std::int64_t C, std::int64_t O, T* to) {
    const std::int64_t O_whole = whole_panels<T>(O), panels = whole_panels<T>(C) / panel_width<T>, windows = kh * kw;
    for_each_row(panels * windows, O_whole * panel_width<T>, [=](std::int64_t row) {
        const std::int64_t first = row / windows * panel_width<T>, ab = row % windows;
        const std::int64_t there = std::min<std::int64_t>(panel_width<T>, C - first);
        T* panel = to + row * O_whole * panel_width<T>;
        if (there < panel_width<T> || O < O_whole) std::fill_n(panel, O_whole * panel_width<T>, T(0));
        for (std::int64_t c = 0; c < there; ++c) {
            const T* from = kernel + ((windows - 1 - ab) * C + first + c) * O;
            for (std::int64_t o = 0; o < O; ++o) panel[o * panel_width<T> + c] = from[o];
        }
    });
}

DirectConvolution::DirectConvolution(const Frame& frame, std::int64_t kh, std::int64_t kw, std::int64_t rows,
                                     std::int64_t columns, std::int64_t channels)
    : frame_(frame), kh_(kh), kw_(kw), rows_(rows), columns_(columns), channels_(channels) {
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) pixels_.push_back(i * frame.row_stride() + j * frame.stride);
}

template <typename T>
void DirectConvolution::run(const T* framed, const T* kernel, const T* bias, bool relu, std::int64_t first,
                            std::int64_t last, T* y) const {
    const std::int64_t panel = kh_ * kw_ * frame_.channels * panel_width<T>;
    // Neighbouring pixels of a frame without gaps are one segment.
    const std::int64_t joined = frame_.stride == frame_.channels ? kw_ : 1, segment = joined * frame_.channels;
    // A panel of the kernel at a time, which stays in L1 or L2 while the pixels pass by.
    for (std::int64_t o = 0; o < channels_; o += panel_width<T>) {
        TileProduct<T> tile{};
        tile.a = framed;
        tile.a_step = 1;
        tile.b = kernel + o / panel_width<T> * panel;
        tile.b_step = panel_width<T>;
        tile.groups = kh_;
        tile.segments = kw_ / joined;
        tile.segment_length = segment;
        tile.a_group = frame_.row_stride();
        tile.a_segment = frame_.stride;
        tile.b_group = kw_ * frame_.channels * panel_width<T>;
        tile.b_segment = segment * panel_width<T>;
        tile.c_row = channels_;
        tile.columns = std::min<std::int64_t>(panel_width<T>, channels_ - o);
        tile.bias = bias ? bias + o : nullptr;
        tile.relu = relu;
        for_each_tile((last - first) * columns_, [&](std::int64_t pixel, std::int64_t pixels) {
            tile.rows = pixels_.data() + first * columns_ + pixel;
            tile.c = y + pixel * channels_ + o;
            multiply_tile(pixels, tile);
        });
    }
}

template <typename T>
ImageConvolution<T>::ImageConvolution(const ConvolutionSizes& sizes, const T* kernel, const T* bias, bool relu,
                                      int threads, Allocator& allocator)
    : s(sizes),
      frame_(input_frame(s)),
      convolution_(frame_, s.window.window_h, s.window.window_w, s.OH, s.OW, s.O),
      relu_(relu) {
    const std::int64_t O = whole_panels<T>(s.O);
    panels_ = Tensor::empty({s.patch(), O}, dtype_of<T>(), allocator);
    pack_panels(kernel, s.patch(), s.O, panels_.data<T>());
    if (bias) {
        bias_ = Tensor::empty({O}, dtype_of<T>(), allocator);
        pack_panels(bias, 1, s.O, bias_.data<T>());
    }
    if (fills(s, frame_)) return;
    frames_ = Tensor::empty({threads, frame_.size()}, dtype_of<T>(), allocator);
    std::fill_n(frames_.data<T>(), frames_.size(), T(0));
}

template <typename T>
const T* ImageConvolution<T>::framed(const T* x, std::int64_t n, int thread) const {
    const T* image = x + n * s.H * s.W * s.C;
    T* frame = part_of<T>(frames_, thread);
    if (!frame) return image;
    put_into_frame(image, s.H, s.W, s.C, frame_, frame);
    return frame;
}

template class ImageConvolution<float>;
template class ImageConvolution<double>;
template void put_into_frame<float>(const float*, std::int64_t, std::int64_t, std::int64_t, const Frame&, float*);
template void put_into_frame<double>(const double*, std::int64_t, std::int64_t, std::int64_t, const Frame&, double*);
template void pack_panels<float>(const float*, std::int64_t, std::int64_t, float*);
template void pack_panels<double>(const double*, std::int64_t, std::int64_t, double*);
template void pack_turned_panels<float>(const float*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, float*);
template void pack_turned_panels<double>(const double*, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                                         double*);
template void DirectConvolution::run<float>(const float*, const float*, const float*, bool, std::int64_t, std::int64_t,
                                            float*) const;
template void DirectConvolution::run<double>(const double*, const double*, const double*, bool, std::int64_t,
                                             std::int64_t, double*) const;

}  // namespace cairn::cpu
