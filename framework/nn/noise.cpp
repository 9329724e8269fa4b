#include "cairn/nn/noise.h"

#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"

namespace cairn::nn {

namespace {

Settings one_setting(const std::string& name, double value) {
    Settings settings;
    settings.add(name, value);
    return settings;
}

}  // namespace

Settings Dropout::settings() const { return one_setting("rate", rate_); }
Settings SpatialDropout2D::settings() const { return one_setting("rate", rate_); }
Settings GaussianNoise::settings() const { return one_setting("stddev", stddev_); }

Dropout::Dropout(double rate) : rate_(rate) {
    check(rate >= 0 && rate < 1, "Dropout: the rate must be at least 0 and below 1, not {}", rate);
}

Tensor Dropout::forward(const Tensor& x, const Call& call) const {
    if (!call.draws()) return x;
    return ops::dropout(x, rate_, random_key(call, Purpose::dropout));
}

SpatialDropout2D::SpatialDropout2D(double rate) : rate_(rate) {
    check(rate >= 0 && rate < 1, "SpatialDropout2D: the rate must be at least 0 and below 1, not {}", rate);
}

Shape SpatialDropout2D::build(const Shape& input) {
    check(input.rank() == 3, "SpatialDropout2D: needs images (height, width, channels), not {}", input);
    return input;
}

Tensor SpatialDropout2D::forward(const Tensor& x, const Call& call) const {
    if (!call.draws()) return x;
    const Tensor ones = full({x.dim(0), 1, 1, x.dim(3)}, 1, x.dtype(), x.device());
    return ops::mul(x, ops::dropout(ones, rate_, random_key(call, Purpose::dropout)));
}

GaussianNoise::GaussianNoise(double stddev) : stddev_(stddev) {
    check(stddev >= 0, "GaussianNoise: the standard deviation must not be negative, but is {}", stddev);
}

Tensor GaussianNoise::forward(const Tensor& x, const Call& call) const {
    if (!call.draws()) return x;
    RandomStream random(random_key(call, Purpose::noise));
    const Tensor noise = with_float(x.dtype(), [&]<typename T>() {
        std::vector<T> values(static_cast<std::size_t>(x.size()));
        for (T& value : values) value = static_cast<T>(stddev_ * random.normal());
        return from_values(x.shape(), values, x.device());
    });
    return ops::add(x, noise);
}

}  // namespace cairn::nn
