#include "cairn/nn/regularizer.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

Tensor Regularizer::operator()(const Tensor& w) const {
    const Tensor absolute = l1 == 0 ? Tensor() : ops::affine(ops::sum(ops::abs(w)), l1, 0);
    return add_penalties(absolute, l2 == 0 ? Tensor() : ops::l2_penalty(w, l2));
}

Tensor add_penalties(const Tensor& a, const Tensor& b) {
    if (!a.defined()) return b;
    return b.defined() ? ops::add(a, b) : a;
}

void penalize_activity(const Regularizer& regularizer, const Tensor& y, const Call& call) {
    if (regularizer.is_zero() || !call.penalties) return;
    call.penalties->push_back(ops::affine(regularizer(y), 1.0 / static_cast<double>(y.dim(0)), 0));
}

void Settings::add_penalty(const std::string& of, const Regularizer& regularizer) {
    if (regularizer.l1 != 0) add(of + "_l1", regularizer.l1);
    if (regularizer.l2 != 0) add(of + "_l2", regularizer.l2);
}

}  // namespace cairn::nn
