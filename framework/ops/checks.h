// Checks that most ops begin with. `op` is the op's name; each message starts with it.
#pragma once

#include "cairn/core/tensor.h"

#include <functional>
#include <initializer_list>

namespace cairn::ops {

using Operands = std::initializer_list<std::reference_wrapper<const Tensor>>;

// Throws Error unless all are defined, of one floating-point dtype and on one device.
void check_operands(const char* op, Operands operands);

// Throws Error if one has an axis of size 0, a batch without images say, since there is nothing to compute. An undefined one
// passes.
void check_elements(const char* op, Operands operands);

// Throws Error unless logits are (B, C) with at least one row and labels int32 (B), or (B, C) of the logits' dtype, on
// the same device. Classes outside of 0 … C - 1 are refused too where the host sees the labels without waiting for a
// device; on a GPU the data sets' own validation stands for it.
void check_labels(const char* op, const Tensor& logits, const Tensor& labels);

}  // namespace cairn::ops
