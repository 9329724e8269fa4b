#include "cairn/nn/convolution.h"
#include "cairn/ops/flops.h"
#include "cairn/ops/padding.h"

namespace cairn::nn {

Conv2DTranspose::Conv2DTranspose(std::int64_t filters, Size2d kernel_size, const Conv2DTransposeOptions& options)
    : filters_(filters), kernel_size_(kernel_size), options_(options) {
    check(filters > 0, "Conv2DTranspose: the number of filters must be positive, not {}", filters);
}

Shape Conv2DTranspose::build(const Shape& input) {
    check(input.rank() == 3, "Conv2DTranspose: needs images (height, width, channels), not {}", input);
    const auto [output_h, output_w] =
        ops::transposed_size("Conv2DTranspose", {input[0], input[1]}, kernel_size_, op_options());
    const auto [kh, kw] = kernel_size_;
    const Shape kernel{kh, kw, filters_, input[2]};
    kernel_ = add_parameter("kernel", kernel, options_.kernel_initializer);
    if (options_.use_bias) bias_ = add_parameter("bias", {filters_}, options_.bias_initializer);
    flops_ = ops::conv2d_flops(kernel, input);  // those of the convolution that leads back
    return {output_h, output_w, filters_};
}

ops::TransposedConvolutionOptions Conv2DTranspose::op_options() const {
    return {.strides = options_.strides,
            .padding = options_.padding,
            .dilation_rate = options_.dilation_rate,
            .output_padding = options_.output_padding};
}

Tensor Conv2DTranspose::forward(const Tensor& x, const Call& call) const {
    const Tensor bias = bias_ ? bias_->value : Tensor();
    const Tensor y = options_.activation(ops::conv2d_transpose(x, kernel_->value, bias, op_options()));
    penalize_activity(options_.activity_regularizer, y, call);
    return y;
}

Tensor Conv2DTranspose::penalty() const {
    const Tensor of_kernel = options_.kernel_regularizer(kernel_->value);
    return bias_ ? add_penalties(of_kernel, options_.bias_regularizer(bias_->value)) : of_kernel;
}

Settings Conv2DTranspose::settings() const {
    Settings settings = settings_of_window(kernel_size_, options_);
    settings.add("output_padding", sizes(options_.output_padding), Settings::Sizes{-1, -1});
    settings.add_penalty("kernel", options_.kernel_regularizer);
    return settings;
}

}  // namespace cairn::nn
