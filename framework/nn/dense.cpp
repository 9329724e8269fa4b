#include "nn/layers.h"
#include "ops/flops.h"

namespace cairn::nn {

Dense::Dense(std::int64_t units, const DenseOptions& options) : units_(units), options_(options) {
    check(units > 0, "Dense: the number of units must be positive, not {}", units);
}

Shape Dense::build(const Shape& input) {
    check(input.rank() == 1, "Dense: needs (features,), not {}; put a Flatten before it", input);
    add_parameter("kernel", {input[0], units_}, glorot_uniform(input[0], units_));
    if (options_.use_bias) add_parameter("bias", {units_}, constant(0));
    flops_ = ops::matmul_flops(1, input[0], units_);
    return {units_};
}

Tensor Dense::forward(const Tensor& x, const Call&) const {
    return ops::dense(x, value(0), options_.use_bias ? value(1) : Tensor(), options_.activation);
}

Tensor Dense::penalty() const {
    return options_.kernel_regularizer.l2 > 0 ? ops::l2_penalty(value(0), options_.kernel_regularizer.l2) : Tensor();
}

}  // namespace cairn::nn
