#include "cairn/nn/convolution.h"
#include "cairn/ops/flops.h"
#include "cairn/ops/padding.h"

namespace cairn::nn {

Conv2D::Conv2D(std::int64_t filters, Size2d kernel_size, const Conv2DOptions& options)
    : filters_(filters), kernel_size_(kernel_size), options_(options) {
    check(filters > 0, "Conv2D: the number of filters must be positive, not {}", filters);
    check(options.groups > 0 && filters % options.groups == 0, "Conv2D: {} filters cannot be split into {} groups",
          filters, options.groups);
}

Shape Conv2D::build(const Shape& input) {
    check(input.rank() == 3, "Conv2D: needs images (height, width, channels), not {}", input);
    const auto [window, output_h, output_w] = ops::slide_window(
        "Conv2D", input.prepend(1), kernel_size_, options_.strides, options_.padding, options_.dilation_rate);
    const std::int64_t groups = options_.groups;
    check(input[2] % groups == 0, "Conv2D: the {} channels of the input {} cannot be split into {} groups", input[2],
          input, groups);
    const auto [kh, kw] = kernel_size_;
    const Shape kernel{kh, kw, input[2] / groups, filters_};
    kernel_ = add_parameter("kernel", kernel, options_.kernel_initializer);
    if (options_.use_bias) bias_ = add_parameter("bias", {filters_}, options_.bias_initializer);

    const Shape output{output_h, output_w, filters_};
    flops_ = ops::conv2d_flops(kernel, output);
    return output;
}

ops::ConvolutionOptions Conv2D::op_options(const Call& call) const {
    return {.strides = options_.strides,
            .padding = options_.padding,
            .dilation_rate = options_.dilation_rate,
            .groups = options_.groups,
            .relu = options_.activation.is_relu(),
            .algorithm = call.convolution};
}

Tensor Conv2D::forward(const Tensor& x, const Call& call) const {
    const Tensor y = options_.activation.after_kernel(ops::conv2d(x, kernel(), bias(), op_options(call)));
    penalize_activity(options_.activity_regularizer, y, call);
    return y;
}

Tensor Conv2D::penalty() const {
    const Tensor of_kernel = options_.kernel_regularizer(kernel());
    return bias_ ? add_penalties(of_kernel, options_.bias_regularizer(bias())) : of_kernel;
}

Settings Conv2D::settings() const {
    Settings settings = settings_of_window(kernel_size_, options_);
    settings.add("groups", static_cast<double>(options_.groups), 1.0);
    settings.add_penalty("kernel", options_.kernel_regularizer);
    return settings;
}

}  // namespace cairn::nn
