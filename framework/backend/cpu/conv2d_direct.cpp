#include "cairn/backend/cpu/conv2d_direct.h"

#include <algorithm>

namespace cairn::cpu {

DirectConvolution::DirectConvolution(const Frame& frame, const Window& window, std::int64_t rows, std::int64_t columns,
                                     std::int64_t channels)
    : frame_(frame), kh_(window.window_h), kw_(window.window_w), columns_(columns), channels_(channels) {
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j)
            pixels_.push_back(i * window.stride_h * frame.row_stride() + j * window.stride_w * frame.stride);
}

template <typename T>
void DirectConvolution::run(const T* framed, const T* kernel, const T* bias, bool relu, std::int64_t first,
                            std::int64_t last, T* y) const {
    const std::int64_t panel = kh_ * kw_ * frame_.channels * panel_width<T>;
    // Neighbouring pixels of a frame without gaps are one segment.
    const std::int64_t joined = frame_.stride == frame_.channels ? kw_ : 1, segment = joined * frame_.channels;
    // A panel of the kernel at a time, which stays in L1 or L2 while the pixels pass by.
    for (std::int64_t o = 0; o < channels_; o += panel_width<T>) {
        StripProduct<T> product{};
        product.terms = {segment, kw_ / joined, kh_};
        product.a = {framed, 1, frame_.stride, frame_.row_stride()};
        product.b = {kernel + o / panel_width<T> * panel, panel_width<T>, segment * panel_width<T>,
                     kw_ * frame_.channels * panel_width<T>};
        product.c_row = channels_;
        product.columns = std::min<std::int64_t>(panel_width<T>, channels_ - o);
        product.bias = bias ? bias + o : nullptr;
        product.relu = relu;
        for_each_strip((last - first) * columns_, [&](std::int64_t pixel, std::int64_t pixels) {
            product.rows = pixels_.data() + first * columns_ + pixel;
            product.c = y + pixel * channels_ + o;
            multiply_strip(pixels, product);
        });
    }
}

template <typename T>
DirectLayer<T>::DirectLayer(const ForwardOperands<T>& operands, int threads, Allocator& allocator)
    : s(operands.s),
      images_(operands, input_frame(s), images_at_once(), threads, allocator),
      convolution_(input_frame(s), s.window, s.OH, s.OW, s.O),
      relu_(operands.relu),
      panels_(scratch<T>({s.patch(), whole_panels<T>(s.O)}, allocator)) {
    pack_panels(operands.kernel, s.patch(), s.O, panels_.data<T>());
}

template class DirectLayer<float>;
template class DirectLayer<double>;
template void DirectConvolution::run<float>(const float*, const float*, const float*, bool, std::int64_t, std::int64_t,
                                            float*) const;
template void DirectConvolution::run<double>(const double*, const double*, const double*, bool, std::int64_t,
                                             std::int64_t, double*) const;

}  // namespace cairn::cpu
