// layer_norm (Ba, Kiros, Hinton 2016) and group_norm (Wu and He 2018): y = gamma xhat + beta, xhat = (x - mean) / sqrt(variance +
// epsilon), where mean and variance are those of
//   layer_norm: the C numbers of each x[..., :]
//   group_norm: each sample's numbers x[n, ..., g C/G … (g + 1) C/G - 1] of group g
//   x (..., C); gamma, beta (C), or none -> y (..., C)
// Compositions of ops, whose gradients are theirs: sums, squares and broadcast products.
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

namespace {

void check_norm(const char* op, const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon) {
    ops::check_operands(op, {x, gamma.defined() ? gamma : x, beta.defined() ? beta : x});
    check(x.rank() >= 2 && x.size() > 0, "{}: input {} must be (batch, ..., channels), with at least one of each", op,
          x.shape());
    const Shape channels{x.dim(-1)};
    check(!gamma.defined() || gamma.shape() == channels, "{}: gamma {} must be {}, one per channel of the input {}", op,
          gamma.shape(), channels, x.shape());
    check(!beta.defined() || beta.shape() == channels, "{}: beta {} must be {}, one per channel of the input {}", op,
          beta.shape(), channels, x.shape());
    check(epsilon > 0, "{}: epsilon {} must be positive: it keeps constant inputs from dividing by zero", op, epsilon);
}

// xhat, for the mean and variance over these axes.
Tensor standardized(const Tensor& x, const std::vector<int>& axes, double epsilon) {
    const Tensor centered = ops::sub(x, ops::mean(x, axes, true));
    const Tensor variance = ops::mean(ops::square(centered), axes, true);
    return ops::div(centered, ops::sqrt(ops::affine(variance, 1, epsilon)));
}

Tensor scaled_and_shifted(Tensor y, const Tensor& gamma, const Tensor& beta) {
    if (gamma.defined()) y = ops::mul(y, gamma);
    if (beta.defined()) y = ops::add(y, beta);
    return y;
}

}  // namespace

Tensor ops::layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon) {
    check_norm("layer_norm", x, gamma, beta, epsilon);
    return scaled_and_shifted(standardized(x, {-1}, epsilon), gamma, beta);
}

Tensor ops::group_norm(const Tensor& x, std::int64_t groups, const Tensor& gamma, const Tensor& beta, double epsilon) {
    check_norm("group_norm", x, gamma, beta, epsilon);
    const std::int64_t C = x.dim(-1);
    check(groups >= 1 && C % groups == 0, "group_norm: the {} channels of input {} cannot be split into {} groups", C,
          x.shape(), groups);
    const Tensor split = reshape(x, {x.dim(0), x.size() / (x.dim(0) * C), groups, C / groups});
    const Tensor xhat = standardized(split, {1, 3}, epsilon);
    return scaled_and_shifted(reshape(xhat, {x.shape().begin(), x.shape().end()}), gamma, beta);
}

}  // namespace cairn
