#include "cairn/nn/pooling.h"

namespace cairn::nn {

namespace {

void check_images(const char* layer, const Shape& input) {
    check(input.rank() == 3, "{}: needs images (height, width, channels), not {}", layer, input);
}

ops::PoolingOptions op_options(Size2d pool_size, const Pooling2DOptions& options) {
    return {.pool_size = pool_size, .strides = options.strides, .padding = options.padding};
}

Shape pooled(const char* layer, const Shape& input, const ops::PoolingOptions& options) {
    check_images(layer, input);
    const auto [window, output_h, output_w] = ops::slide_window(layer, input.prepend(1), options);
    return {output_h, output_w, input[2]};
}

Shape globally_pooled(const char* layer, const Shape& input, bool keepdims) {
    check_images(layer, input);
    return keepdims ? Shape{1, 1, input[2]} : Shape{input[2]};
}

Settings settings_of(const ops::PoolingOptions& options) {
    Settings settings;
    const Settings::Sizes pool_size = sizes(options.pool_size);
    settings.add("pool_size", pool_size);
    settings.add("strides", options.strides[0] == 0 ? pool_size : sizes(options.strides), pool_size);
    settings.add("padding", std::string(name_of(options.padding)), std::string(name_of(valid)));
    return settings;
}

Settings settings_of(const GlobalPooling2DOptions& options) {
    Settings settings;
    settings.add("keepdims", options.keepdims, false);
    return settings;
}

}  // namespace

Settings MaxPooling2D::settings() const { return settings_of(options_); }
Settings AveragePooling2D::settings() const { return settings_of(options_); }
Settings GlobalAveragePooling2D::settings() const { return settings_of(options_); }
Settings GlobalMaxPooling2D::settings() const { return settings_of(options_); }

MaxPooling2D::MaxPooling2D(Size2d pool_size, const Pooling2DOptions& options)
    : options_(op_options(pool_size, options)) {}

Shape MaxPooling2D::build(const Shape& input) { return pooled("MaxPooling2D", input, options_); }

Tensor MaxPooling2D::forward(const Tensor& x, const Call&) const { return ops::max_pool2d(x, options_); }

AveragePooling2D::AveragePooling2D(Size2d pool_size, const Pooling2DOptions& options)
    : options_(op_options(pool_size, options)) {}

Shape AveragePooling2D::build(const Shape& input) { return pooled("AveragePooling2D", input, options_); }

Tensor AveragePooling2D::forward(const Tensor& x, const Call&) const { return ops::average_pool2d(x, options_); }

Shape GlobalAveragePooling2D::build(const Shape& input) {
    return globally_pooled("GlobalAveragePooling2D", input, options_.keepdims);
}

Tensor GlobalAveragePooling2D::forward(const Tensor& x, const Call&) const {
    return ops::mean(x, {1, 2}, options_.keepdims);
}

Shape GlobalMaxPooling2D::build(const Shape& input) {
    return globally_pooled("GlobalMaxPooling2D", input, options_.keepdims);
}

// One window as large as the image.
Tensor GlobalMaxPooling2D::forward(const Tensor& x, const Call&) const {
    const Tensor y = ops::max_pool2d(x, {.pool_size = {x.dim(1), x.dim(2)}});
    return options_.keepdims ? y : ops::flatten(y);
}

}  // namespace cairn::nn
