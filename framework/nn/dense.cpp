#include "cairn/nn/dense.h"
#include "cairn/ops/flops.h"

namespace cairn::nn {

Dense::Dense(std::int64_t units, const DenseOptions& options) : units_(units), options_(options) {
    check(units > 0, "Dense: the number of units must be positive, not {}", units);
}

Shape Dense::build(const Shape& input) {
    check(input.rank() == 1, "Dense: needs (features,), not {}; put a Flatten before it", input);
    kernel_ = add_parameter("kernel", {input[0], units_}, options_.kernel_initializer);
    if (options_.use_bias) bias_ = add_parameter("bias", {units_}, options_.bias_initializer);
    flops_ = ops::matmul_flops(1, input[0], units_);
    return {units_};
}

Tensor Dense::forward(const Tensor& x, const Call& call) const {
    const Tensor bias = bias_ ? bias_->value : Tensor();
    const Tensor z = ops::dense(x, kernel_->value, bias, options_.activation.is_relu());
    const Tensor y = options_.activation.after_kernel(z);
    penalize_activity(options_.activity_regularizer, y, call);
    return y;
}

Tensor Dense::penalty() const {
    const Tensor of_kernel = options_.kernel_regularizer(kernel_->value);
    return bias_ ? add_penalties(of_kernel, options_.bias_regularizer(bias_->value)) : of_kernel;
}

Settings Dense::settings() const {
    Settings settings;
    settings.add("activation", options_.activation.name(), std::string("linear"));
    settings.add("use_bias", options_.use_bias, true);
    settings.add_penalty("kernel", options_.kernel_regularizer);
    settings.add_penalty("bias", options_.bias_regularizer);
    settings.add_penalty("activity", options_.activity_regularizer);
    return settings;
}

}  // namespace cairn::nn
