// Finds where numbers stop being finite.
#pragma once

#include "cairn/nn/losses.h"
#include "cairn/nn/model.h"
#include "cairn/train/loader.h"

#include <string>

namespace cairn::train {

// Runs one batch again, a layer at a time, and then backward. Says where the first infinity or NaN stands, to follow
// "the first values that are not finite …":
//   "stand in conv2d_1/kernel"                     a parameter, before anything was computed
//   "come out of conv2d_1"                         what a layer computed from finite numbers
//   "come out of the loss"
//   "are the gradients of conv2d_1/kernel"         the first one on the way back
// Empty if all numbers are finite. Changes the model's gradients and batch norm's moving statistics.
std::string first_not_finite(const nn::Model& model, const Batch& batch, const nn::Call& call,
                             const nn::Loss& loss = {});

}  // namespace cairn::train
