// DepthwiseConv2D, and SeparableConv2D, which begins with one.
#include "cairn/nn/convolution.h"
#include "cairn/ops/flops.h"
#include "cairn/ops/padding.h"

namespace cairn::nn {

namespace {

// The output's shape of a convolution of every channel by itself.
Shape depthwise_output(const char* layer, const Shape& input, Size2d kernel_size, Size2d strides, ops::Padding padding,
                       Size2d dilation_rate, std::int64_t depth_multiplier) {
    check(input.rank() == 3, "{}: needs images (height, width, channels), not {}", layer, input);
    const ops::SlidingWindow sliding =
        ops::slide_window(layer, input.prepend(1), kernel_size, strides, padding, dilation_rate);
    return {sliding.output_h, sliding.output_w, input[2] * depth_multiplier};
}

void check_multiplier(const char* layer, std::int64_t depth_multiplier) {
    check(depth_multiplier > 0, "{}: the depth multiplier must be positive, not {}", layer, depth_multiplier);
}

Tensor value_of(const std::shared_ptr<Parameter>& parameter) { return parameter ? parameter->value : Tensor(); }

}  // namespace

DepthwiseConv2D::DepthwiseConv2D(Size2d kernel_size, const DepthwiseConv2DOptions& options)
    : kernel_size_(kernel_size), options_(options) {
    check_multiplier("DepthwiseConv2D", options.depth_multiplier);
}

Shape DepthwiseConv2D::build(const Shape& input) {
    const std::int64_t M = options_.depth_multiplier;
    const Shape output = depthwise_output("DepthwiseConv2D", input, kernel_size_, options_.strides, options_.padding,
                                          options_.dilation_rate, M);
    const auto [kh, kw] = kernel_size_;
    kernel_ = add_parameter("kernel", {kh, kw, input[2], M}, options_.depthwise_initializer);
    if (options_.use_bias) bias_ = add_parameter("bias", {output[2]}, options_.bias_initializer);
    flops_ = ops::conv2d_flops({kh, kw, 1, output[2]}, output);
    return output;
}

Tensor DepthwiseConv2D::forward(const Tensor& x, const Call& call) const {
    const ops::ConvolutionOptions options{.strides = options_.strides,
                                          .padding = options_.padding,
                                          .dilation_rate = options_.dilation_rate,
                                          .relu = options_.activation.is_relu(),
                                          .algorithm = call.convolution};
    const Tensor z = ops::depthwise_conv2d(x, kernel_->value, value_of(bias_), options);
    const Tensor y = options_.activation.after_kernel(z);
    penalize_activity(options_.activity_regularizer, y, call);
    return y;
}

Tensor DepthwiseConv2D::penalty() const {
    const Tensor of_kernel = options_.depthwise_regularizer(kernel_->value);
    return bias_ ? add_penalties(of_kernel, options_.bias_regularizer(bias_->value)) : of_kernel;
}

Settings DepthwiseConv2D::settings() const {
    Settings settings = settings_of_window(kernel_size_, options_);
    settings.add("depth_multiplier", static_cast<double>(options_.depth_multiplier), 1.0);
    settings.add_penalty("depthwise", options_.depthwise_regularizer);
    return settings;
}

SeparableConv2D::SeparableConv2D(std::int64_t filters, Size2d kernel_size, const SeparableConv2DOptions& options)
    : filters_(filters), kernel_size_(kernel_size), options_(options) {
    check(filters > 0, "SeparableConv2D: the number of filters must be positive, not {}", filters);
    check_multiplier("SeparableConv2D", options.depth_multiplier);
}

Shape SeparableConv2D::build(const Shape& input) {
    const std::int64_t M = options_.depth_multiplier;
    const Shape between = depthwise_output("SeparableConv2D", input, kernel_size_, options_.strides, options_.padding,
                                           options_.dilation_rate, M);
    const auto [kh, kw] = kernel_size_;
    depthwise_kernel_ = add_parameter("depthwise_kernel", {kh, kw, input[2], M}, options_.depthwise_initializer);
    const Shape pointwise{1, 1, between[2], filters_}, output{between[0], between[1], filters_};
    pointwise_kernel_ = add_parameter("pointwise_kernel", pointwise, options_.pointwise_initializer);
    if (options_.use_bias) bias_ = add_parameter("bias", {filters_}, options_.bias_initializer);
    flops_ = ops::conv2d_flops({kh, kw, 1, between[2]}, between) + ops::conv2d_flops(pointwise, output);
    return output;
}

Tensor SeparableConv2D::forward(const Tensor& x, const Call& call) const {
    const ops::ConvolutionOptions of_channels{
        .strides = options_.strides, .padding = options_.padding, .dilation_rate = options_.dilation_rate};
    const Tensor between = ops::depthwise_conv2d(x, depthwise_kernel_->value, {}, of_channels);
    const ops::ConvolutionOptions pointwise{.relu = options_.activation.is_relu(), .algorithm = call.convolution};
    const Tensor z = ops::conv2d(between, pointwise_kernel_->value, value_of(bias_), pointwise);
    const Tensor y = options_.activation.after_kernel(z);
    penalize_activity(options_.activity_regularizer, y, call);
    return y;
}

Tensor SeparableConv2D::penalty() const {
    const Tensor of_kernels = add_penalties(options_.depthwise_regularizer(depthwise_kernel_->value),
                                            options_.pointwise_regularizer(pointwise_kernel_->value));
    return bias_ ? add_penalties(of_kernels, options_.bias_regularizer(bias_->value)) : of_kernels;
}

Settings SeparableConv2D::settings() const {
    Settings settings = settings_of_window(kernel_size_, options_);
    settings.add("depth_multiplier", static_cast<double>(options_.depth_multiplier), 1.0);
    settings.add_penalty("depthwise", options_.depthwise_regularizer);
    settings.add_penalty("pointwise", options_.pointwise_regularizer);
    return settings;
}

}  // namespace cairn::nn
