#include "cairn/backend/cpu/layout.h"

#include <algorithm>

namespace cairn::cpu {

Frame input_frame(const ConvolutionSizes& s) {
    const Window& w = s.window;
    return {.rows = std::max((s.OH - 1) * w.stride_h + w.window_h, w.pad_top + s.H),
            .columns = std::max((s.OW - 1) * w.stride_w + w.window_w, w.pad_left + s.W),
            .channels = s.C,
            .stride = s.C,
            .top = w.pad_top,
            .left = w.pad_left};
}

template <typename T>
void put_into_frame(const T* image, std::int64_t H, std::int64_t W, std::int64_t C, const Frame& frame, T* to) {
    for (std::int64_t i = 0; i < H; ++i) {
        const T* from = image + i * W * C;
        T* row = to + frame.at(i);
        if (C == frame.to_next_pixel()) {
            std::copy_n(from, W * C, row);
        } else {
            for (std::int64_t j = 0; j < W; ++j) std::copy_n(from + j * C, C, row + j * frame.to_next_pixel());
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
Tensor pack_turned_panels(const T* kernel, const ConvolutionSizes& s, Allocator& allocator) {
    const std::int64_t C = s.C, O = s.O, O_whole = whole_panels<T>(O), C_whole = whole_panels<T>(C);
    const std::int64_t windows = s.window.window_h * s.window.window_w;
    const Tensor packed = scratch<T>({windows * O_whole, C_whole}, allocator);
    T* to = packed.data<T>();
    for_each_row(C_whole / panel_width<T> * windows, O_whole * panel_width<T>, [=](std::int64_t row) {
        const std::int64_t first = row / windows * panel_width<T>, ab = row % windows;
        const std::int64_t there = std::min<std::int64_t>(panel_width<T>, C - first);
        T* panel = to + row * O_whole * panel_width<T>;
        if (there < panel_width<T> || O < O_whole) std::fill_n(panel, O_whole * panel_width<T>, T(0));
        for (std::int64_t c = 0; c < there; ++c) {
            const T* from = kernel + ((windows - 1 - ab) * C + first + c) * O;
            for (std::int64_t o = 0; o < O; ++o) panel[o * panel_width<T> + c] = from[o];
        }
    });
    return packed;
}

template <typename T>
FramedImages<T>::FramedImages(const ForwardOperands<T>& operands, const Frame& frame, std::int64_t at_once, int threads,
                              Allocator& allocator)
    : s(operands.s), x_(operands.x), frame_(frame) {
    if (operands.bias) {
        bias_ = scratch<T>({whole_panels<T>(s.O)}, allocator);
        pack_panels(operands.bias, 1, s.O, bias_.data<T>());
    }
    if (fills(s, frame)) return;
    frames_ = scratch<T>({threads, at_once * frame.size()}, allocator);
    std::fill_n(frames_.data<T>(), frames_.size(), T(0));
}

template <typename T>
const T* FramedImages<T>::framed(std::int64_t n, std::int64_t images, int thread) const {
    const T* from = x_ + n * s.x_image();
    T* frames = part_of<T>(frames_, thread);
    if (!frames) return from;
    for (std::int64_t i = 0; i < images; ++i)
        put_into_frame(from + i * s.x_image(), s.H, s.W, s.C, frame_, frames + i * frame_.size());
    return frames;
}

template class FramedImages<float>;
template class FramedImages<double>;
template void put_into_frame<float>(const float*, std::int64_t, std::int64_t, std::int64_t, const Frame&, float*);
template void put_into_frame<double>(const double*, std::int64_t, std::int64_t, std::int64_t, const Frame&, double*);
template void pack_panels<float>(const float*, std::int64_t, std::int64_t, float*);
template void pack_panels<double>(const double*, std::int64_t, std::int64_t, double*);
template Tensor pack_turned_panels<float>(const float*, const ConvolutionSizes&, Allocator&);
template Tensor pack_turned_panels<double>(const double*, const ConvolutionSizes&, Allocator&);

}  // namespace cairn::cpu
