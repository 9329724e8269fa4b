#include "backend/cpu/conv2d_direct.h"

#include "backend/cpu/sum_parts.h"

#include <algorithm>

namespace cairn::cpu {

template <typename T>
void put_into_frame(const T* image, std::int64_t H, std::int64_t W, std::int64_t C, const Frame& frame, T* to) {
    for (std::int64_t i = 0; i < H; ++i) {
        const T* from = image + i * W * C;
        T* row = to + frame.at(i);
        if (C == frame.channels) {
            std::copy_n(from, W * C, row);
        } else {
            for (std::int64_t j = 0; j < W; ++j) std::copy_n(from + j * C, C, row + j * frame.channels);
        }
    }
}

template <typename T>
void pack_panels(const T* kernel, std::int64_t K, std::int64_t O, T* to) {
    for (std::int64_t first = 0; first < O; first += panel_width<T>)
        for (std::int64_t k = 0; k < K; ++k, to += panel_width<T>) {
            const std::int64_t there = std::min<std::int64_t>(panel_width<T>, O - first);
            std::copy_n(kernel + k * O + first, there, to);
            std::fill(to + there, to + panel_width<T>, T(0));
        }
}

DirectConvolution::DirectConvolution(const Frame& frame, std::int64_t kh, std::int64_t kw, std::int64_t rows,
                                     std::int64_t columns, std::int64_t channels)
    : frame_(frame), kh_(kh), run_(kw * frame.channels), rows_(rows), columns_(columns), channels_(channels) {}

template <typename T>
void DirectConvolution::run(const T* framed, const T* kernel, const T* bias, bool relu, T* y) const {
    const std::int64_t row_stride = frame_.row_stride(), panel = kh_ * run_ * panel_width<T>;
    // A panel of the kernel at a time, which stays in L1 or L2 while the pixels of the image pass by.
    for (std::int64_t first = 0; first < channels_; first += panel_width<T>) {
        TileProduct<T> tile{};
        tile.a_row = frame_.channels;
        tile.a_step = 1;
        tile.b = kernel + first / panel_width<T> * panel;
        tile.b_step = panel_width<T>;
        tile.segments = kh_;
        tile.a_segment = row_stride;
        tile.b_segment = run_ * panel_width<T>;
        tile.segment_length = run_;
        tile.c_row = channels_;
        tile.columns = std::min<std::int64_t>(panel_width<T>, channels_ - first);
        tile.bias = bias ? bias + first : nullptr;
        tile.relu = relu;
        for (std::int64_t i = 0; i < rows_; ++i)
            for_each_tile(columns_, [&](std::int64_t j, std::int64_t pixels) {
                tile.a = framed + i * row_stride + j * frame_.channels;
                tile.c = y + (i * columns_ + j) * channels_ + first;
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
void ImageConvolution<T>::run(const T* x, std::int64_t n, int thread, T* y) const {
    const T* image = x + n * s.H * s.W * s.C;
    if (T* frame = part_of<T>(frames_, thread)) {
        put_into_frame(image, s.H, s.W, s.C, frame_, frame);
        image = frame;
    }
    convolution_.run(image, panels_.data<T>(), data_or_null<T>(bias_), relu_, y);
}

template class ImageConvolution<float>;
template class ImageConvolution<double>;
template void put_into_frame<float>(const float*, std::int64_t, std::int64_t, std::int64_t, const Frame&, float*);
template void put_into_frame<double>(const double*, std::int64_t, std::int64_t, std::int64_t, const Frame&, double*);
template void pack_panels<float>(const float*, std::int64_t, std::int64_t, float*);
template void pack_panels<double>(const double*, std::int64_t, std::int64_t, double*);
template void DirectConvolution::run<float>(const float*, const float*, const float*, bool, float*) const;
template void DirectConvolution::run<double>(const double*, const double*, const double*, bool, double*) const;

}  // namespace cairn::cpu
