#include "nn/layers.h"

namespace cairn::nn {

Shape BatchNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "BatchNormalization: needs at least a channel axis, not {}", input);
    const Shape channels{input[-1]};
    add_parameter("gamma", channels, constant(1));
    add_parameter("beta", channels, constant(0));
    add_parameter("moving_mean", channels, constant(0), false);
    add_parameter("moving_variance", channels, constant(1), false);
    return input;
}

Tensor BatchNormalization::forward(const Tensor& x, const Call& call) const {
    return call.training ? ops::batch_norm_training(x, value(0), value(1), value(2), value(3), options_)
                         : ops::batch_norm_inference(x, value(0), value(1), value(2), value(3), options_);
}

}  // namespace cairn::nn
