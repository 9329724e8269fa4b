#include "nn/layers.h"

namespace cairn::nn {

MaxPooling2D::MaxPooling2D(Size2d pool_size, const MaxPooling2DOptions& options)
    : options_{.pool_size = pool_size, .strides = options.strides, .padding = options.padding} {
    for (std::size_t i = 0; i < 2; ++i)
        if (options_.strides[i] == 0) options_.strides[i] = pool_size[i];
}

Shape MaxPooling2D::build(const Shape& input) {
    check(input.rank() == 3, "MaxPooling2D: needs images (height, width, channels), not {}", input);
    const ops::PlacedWindow placed =
        ops::place_window("MaxPooling2D", input.prepend(1), options_.pool_size, options_.strides, options_.padding);
    return {placed.output_h, placed.output_w, input[2]};
}

Tensor MaxPooling2D::forward(const Tensor& x, const Call&) const { return ops::max_pool2d(x, options_); }

}  // namespace cairn::nn
