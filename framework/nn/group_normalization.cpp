// LayerNormalization and GroupNormalization, which treat each sample by itself.
#include "cairn/nn/normalization.h"

namespace cairn::nn {

namespace {

Tensor value_of(const std::shared_ptr<Parameter>& parameter) { return parameter ? parameter->value : Tensor(); }

}  // namespace

Shape LayerNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "LayerNormalization: needs at least a channel axis, not {}", input);
    if (options_.scale) gamma_ = add_parameter("gamma", {input[-1]}, constant(1));
    if (options_.center) beta_ = add_parameter("beta", {input[-1]}, constant(0));
    return input;
}

Tensor LayerNormalization::forward(const Tensor& x, const Call&) const {
    return ops::layer_norm(x, value_of(gamma_), value_of(beta_), options_.epsilon);
}

GroupNormalization::GroupNormalization(std::int64_t groups, const SampleNormOptions& options)
    : groups_(groups), options_(options) {
    check(groups >= 1 || groups == -1,
          "GroupNormalization: the number of groups must be positive, or -1 for each channel by itself, not {}",
          groups);
}

Shape GroupNormalization::build(const Shape& input) {
    check(input.rank() >= 1, "GroupNormalization: needs at least a channel axis, not {}", input);
    const std::int64_t C = input[-1];
    check(groups_ == -1 || C % groups_ == 0,
          "GroupNormalization: the {} channels of {} cannot be split into {} groups; choose a divisor of {}, or -1 for "
          "each channel by itself",
          C, input, groups_, C);
    if (options_.scale) gamma_ = add_parameter("gamma", {C}, constant(1));
    if (options_.center) beta_ = add_parameter("beta", {C}, constant(0));
    return input;
}

Tensor GroupNormalization::forward(const Tensor& x, const Call&) const {
    const std::int64_t groups = groups_ == -1 ? x.dim(-1) : groups_;
    return ops::group_norm(x, groups, value_of(gamma_), value_of(beta_), options_.epsilon);
}

}  // namespace cairn::nn
