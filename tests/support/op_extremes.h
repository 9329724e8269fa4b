// What ops make of inputs that no table of cases has: an element that is not finite or denormal, an axis of size 0. One
// judgement for every device.
#pragma once

#include "cairn/ops/cases.h"

#include <optional>
#include <string>

namespace cairn::test {

// Sets one element of one input of the case to `value`, and computes the op and its gradients on the device in float32 and on
// the reference in float64. Says where one is NaN, infinite or an ordinary number and the other is not; nothing where they agree.
std::optional<std::string> disagreement_with(const ops::OpCase& c, double value, const Device& device);

// Gives the op its case's inputs with one axis of one of them of size 0, and of all that are as long there, such as images and
// their labels. Says what is wrong with the answer: neither an Error that begins with an op's name, nor results that are finite or
// without elements. Tries every axis of every input.
std::optional<std::string> wrong_answer_to_size_zero(const ops::OpCase& c, const Device& device);

}  // namespace cairn::test
