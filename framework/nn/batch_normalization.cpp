#include "cairn/nn/normalization.h"

namespace cairn::nn {

Shape BatchNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "BatchNormalization: needs at least a channel axis, not {}", input);
    const Shape channels{input[-1]};
    gamma_ = add_parameter("gamma", channels, constant(1));
    beta_ = add_parameter("beta", channels, constant(0));
    moving_mean_ = add_parameter("moving_mean", channels, constant(0), false);
    moving_variance_ = add_parameter("moving_variance", channels, constant(1), false);
    return input;
}

Tensor BatchNormalization::forward(const Tensor& x, const Call& call) const {
    return call.training && !is_frozen() ? ops::batch_norm_training(x, op_layer())
                                         : ops::batch_norm_inference(x, op_layer());
}

}  // namespace cairn::nn
