#include "cairn/nn/pooling.h"

namespace cairn::nn {

MaxPooling2D::MaxPooling2D(Size2d pool_size, const MaxPooling2DOptions& options)
    : options_{.pool_size = pool_size, .strides = options.strides, .padding = options.padding} {}

Shape MaxPooling2D::build(const Shape& input) {
    check(input.rank() == 3, "MaxPooling2D: needs images (height, width, channels), not {}", input);
    const auto [window, output_h, output_w] = ops::slide_window("MaxPooling2D", input.prepend(1), options_);
    return {output_h, output_w, input[2]};
}

Tensor MaxPooling2D::forward(const Tensor& x, const Call&) const { return ops::max_pool2d(x, options_); }

}  // namespace cairn::nn
