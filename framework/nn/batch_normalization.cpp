#include "cairn/nn/normalization.h"

namespace cairn::nn {

Shape BatchNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "BatchNormalization: needs at least a channel axis, not {}", input);
    const Shape channels{input[-1]};
    gamma_ = add_parameter("gamma", channels, options_.gamma_initializer);
    beta_ = add_parameter("beta", channels, options_.beta_initializer);
    moving_mean_ = add_parameter("moving_mean", channels, options_.moving_mean_initializer, false);
    moving_variance_ = add_parameter("moving_variance", channels, options_.moving_variance_initializer, false);
    return input;
}

Tensor BatchNormalization::forward(const Tensor& x, const Call& call) const {
    return call.training && !is_frozen() ? ops::batch_norm_training(x, op_layer())
                                         : ops::batch_norm_inference(x, op_layer());
}

Tensor BatchNormalization::penalty() const {
    return add_penalties(options_.gamma_regularizer(gamma_->value), options_.beta_regularizer(beta_->value));
}

Settings BatchNormalization::settings() const {
    const ops::BatchNormOptions usual;
    Settings settings;
    settings.add("momentum", options_.momentum, usual.momentum);
    settings.add("epsilon", options_.epsilon, usual.epsilon);
    return settings;
}

}  // namespace cairn::nn
