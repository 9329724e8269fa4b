#include "nn/layers.h"
#include "ops/flops.h"

namespace cairn::nn {

Conv2D::Conv2D(std::int64_t filters, Size2d kernel_size, const Conv2DOptions& options)
    : filters_(filters), kernel_size_(kernel_size), options_(options) {
    check(filters > 0, "Conv2D: the number of filters must be positive, not {}", filters);
}

Shape Conv2D::build(const Shape& input) {
    check(input.rank() == 3, "Conv2D: needs images (height, width, channels), not {}", input);
    const ops::PlacedWindow placed =
        ops::place_window("Conv2D", input.prepend(1), kernel_size_, options_.strides, options_.padding);
    const auto [kh, kw] = kernel_size_;
    const Shape kernel{kh, kw, input[2], filters_};
    add_parameter("kernel", kernel, glorot_uniform(kh * kw * input[2], kh * kw * filters_));
    if (options_.use_bias) add_parameter("bias", {filters_}, constant(0));

    const Shape output{placed.output_h, placed.output_w, filters_};
    flops_ = ops::conv2d_flops(kernel, output);
    return output;
}

Tensor Conv2D::forward(const Tensor& x, const Call&) const {
    return ops::conv2d(x, value(0), options_.use_bias ? value(1) : Tensor(), op_options());
}

Tensor Conv2D::forward_pooled(const Tensor& x, const MaxPooling2D& pooling) const {
    return ops::conv2d_max_pool2d(x, value(0), options_.use_bias ? value(1) : Tensor(), op_options(),
                                  pooling.options());
}

Tensor Conv2D::forward_normalized(const Tensor& x, const BatchNormalization& normalization) const {
    return ops::conv2d_batch_norm_training(x, value(0), options_.use_bias ? value(1) : Tensor(), op_options(),
                                           normalization.normalization());
}

Tensor Conv2D::penalty() const {
    return options_.kernel_regularizer.l2 > 0 ? ops::l2_penalty(value(0), options_.kernel_regularizer.l2) : Tensor();
}

}  // namespace cairn::nn
