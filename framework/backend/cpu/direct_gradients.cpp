#include "cairn/backend/cpu/direct_gradients.h"

#include <algorithm>

namespace cairn::cpu {

namespace {

template <typename T>
Frame spread_input_frame(const ConvolutionSizes& s) {
    Frame frame = input_frame(s);
    frame.stride = spread<T>(frame.stride);
    return frame;
}

// Several images at a time, so many that they stay in a core's L2 cache: each adds to all of dkernel, which is read and
// written once for all of them.
template <typename T>
std::int64_t images_in_cache(const Frame& x, const Frame& dz) {
    constexpr std::int64_t bytes = 256 * 1024, number = sizeof(T);
    return std::clamp<std::int64_t>(bytes / ((x.size() + dz.size()) * number), 1, 16);
}

// dkernel is summed a block of pixels at a time: small images, or some lines of a large one, so that their dz and the numbers
// of x under them stay in L1.
constexpr std::int64_t block_pixels = 128;
std::int64_t block_images(const ConvolutionSizes& s) { return std::max<std::int64_t>(1, block_pixels / (s.OH * s.OW)); }
std::int64_t block_rows(const ConvolutionSizes& s) { return std::clamp<std::int64_t>(block_pixels / s.OW, 1, s.OH); }

}  // namespace

template <typename T>
DirectGradients<T>::DirectGradients(const ConvolutionSizes& sizes, bool dx_wanted)
    : x_frame(spread_input_frame<T>(sizes)),
      dz_frame(frame_of_dz<T>(sizes, dx_wanted, 1)),
      images_at_once(images_in_cache<T>(x_frame, dz_frame)),
      s(sizes),
      convolution_(dz_frame, {s.window.window_h, s.window.window_w}, s.H, s.W, s.C) {
    const std::int64_t run = s.window.window_w * s.C;
    for (std::int64_t k = 0; k < s.patch(); ++k)
        patch_.push_back(k / run * x_frame.row_stride() + k % run / s.C * x_frame.stride + k % s.C);
}

template <typename T>
void DirectGradients<T>::add_to_sums(const T* x, const T* dz, std::int64_t images, bool accumulate, T* sums, T*) const {
    const std::int64_t images_of_block = block_images(s), rows_of_block = block_rows(s);
    for (std::int64_t i = 0; i < images; i += images_of_block)
        for (std::int64_t row = 0; row < s.OH; row += rows_of_block)
            add_block(x + i * x_frame.size() + row * s.window.stride_h * x_frame.row_stride(),
                      dz + i * dz_frame.size() + dz_frame.at(row), std::min(images_of_block, images - i),
                      std::min(rows_of_block, s.OH - row), accumulate || i > 0 || row > 0, sums);
}

// x, dz: where the block begins.
template <typename T>
void DirectGradients<T>::add_block(const T* x, const T* dz, std::int64_t images, std::int64_t rows, bool accumulate,
                                   T* sums) const {
    StripProduct<T> product{};
    product.terms = {s.OW, rows, images};
    product.a = {x, s.window.stride_w * x_frame.stride, s.window.stride_h * x_frame.row_stride(), x_frame.size()};
    product.b = {dz, dz_frame.to_next_pixel(), dz_frame.to_next_row(), dz_frame.size()};
    product.c_row = dz_frame.channels;
    product.columns = panel_width<T>;
    product.accumulate = accumulate;
    for (std::int64_t o = 0; o < dz_frame.channels; o += panel_width<T>)
        for_each_strip(s.patch(), [&](std::int64_t k, std::int64_t height) {
            product.rows = patch_.data() + k;
            product.b.data = dz + o;
            product.c = sums + k * dz_frame.channels + o;
            multiply_strip(height, product);
        });
}

template <typename T>
void DirectGradients<T>::finish_sums(const T* sums, std::int64_t parts, T* dkernel) const {
    sum_parts(sums, parts, s.patch(), dz_frame.channels, dkernel, s.O);
}

template <typename T>
void DirectGradients<T>::input_gradient(const T* dz, std::int64_t images, const T* packed, T* dx, T*) const {
    for (std::int64_t i = 0; i < images; ++i)
        convolution_.run<T>(dz + i * dz_frame.size(), packed, nullptr, false, 0, s.H, dx + i * s.x_image());
}

template class DirectGradients<float>;
template class DirectGradients<double>;

}  // namespace cairn::cpu
