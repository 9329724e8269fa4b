// Metrics: numbers that a training reports besides the loss and the accuracy.
#pragma once

#include "cairn/core/tensor.h"

#include <functional>
#include <string>

namespace cairn::train {

// The mean over a batch, a scalar on the logits' device: of the logits (B, …) and the labels, int32 (B).
struct Metric {
    std::string name;  // of its column in history.csv; that of the validation is val_ and the name
    std::function<Tensor(const Tensor& logits, const Tensor& labels)> of;
};

}  // namespace cairn::train
