// Regularizers: penalties that are added to the loss, in training and in evaluation, with Keras's names and formulas.
//
//   nn::Dense(64, {.kernel_regularizer = nn::l2(1e-4), .activity_regularizer = nn::l1(1e-5)})
#pragma once

#include "cairn/nn/layer.h"

namespace cairn::nn {

// l1 * (sum of |w|) + l2 * (sum of w^2)
struct Regularizer {
    double l1 = 0, l2 = 0;

    bool is_zero() const { return l1 == 0 && l2 == 0; }
    // The penalty as a scalar, undefined where it is none.
    Tensor operator()(const Tensor& w) const;
};
inline Regularizer l1(double l1 = 0.01) { return {.l1 = l1}; }
inline Regularizer l2(double l2 = 0.01) { return {.l2 = l2}; }
inline Regularizer l1_l2(double l1 = 0, double l2 = 0) { return {.l1 = l1, .l2 = l2}; }

// a + b; either may be undefined, and where both are so is the result.
Tensor add_penalties(const Tensor& a, const Tensor& b);

// Adds the penalty on a layer's output y (B, …), divided by B as in Keras, to those of the call.
void penalize_activity(const Regularizer& regularizer, const Tensor& y, const Call& call);

}  // namespace cairn::nn
