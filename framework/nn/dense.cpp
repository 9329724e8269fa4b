#include "cairn/nn/dense.h"
#include "cairn/ops/flops.h"

namespace cairn::nn {

Dense::Dense(std::int64_t units, const DenseOptions& options) : units_(units), options_(options) {
    check(units > 0, "Dense: the number of units must be positive, not {}", units);
}

Shape Dense::build(const Shape& input) {
    check(input.rank() == 1, "Dense: needs (features,), not {}; put a Flatten before it", input);
    kernel_ = add_parameter("kernel", {input[0], units_}, glorot_uniform(input[0], units_));
    if (options_.use_bias) bias_ = add_parameter("bias", {units_}, constant(0));
    flops_ = ops::matmul_flops(1, input[0], units_);
    return {units_};
}

Tensor Dense::forward(const Tensor& x, const Call&) const {
    const Tensor bias = bias_ ? bias_->value : Tensor();
    return options_.activation.after_kernel(ops::dense(x, kernel_->value, bias, options_.activation.is_relu()));
}

Tensor Dense::penalty() const {
    return options_.kernel_regularizer.l2 > 0 ? ops::l2_penalty(kernel_->value, options_.kernel_regularizer.l2)
                                              : Tensor();
}

}  // namespace cairn::nn
