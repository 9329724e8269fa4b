// One table of cases for every differentiable op: its inputs and how to apply it. The tests compare devices and check
// the gradients with it, `cairn gradcheck` shows it, benchmarks can time it. The shapes are small but awkward: single
// elements, odd sizes, one below and above a power of two, strides, lopsided padding, broadcasting in both directions.
#pragma once

#include "cairn/autograd/gradcheck.h"
#include "cairn/core/random.h"
#include "cairn/core/tensor.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::ops {

struct OpCase {
    std::string op;    // as it is called in ops.h
    std::string name;  // what is special about it: "3x3 same, stride 2, (1, 7, 9, 3) -> 5"
    // Inputs of this dtype (labels are int32), drawn from the seed: not near a pole of log, sqrt or division, nor near
    // a kink of relu, and without ties for max.
    std::function<Tensors(const Device& device, DType dtype, std::uint64_t seed)> inputs;
    // The op on these inputs, in any dtype and on any device. Called twice it gives the same value.
    autograd::Function apply;
};

// All cases, those of one op side by side.
const std::vector<OpCase>& op_cases();

// The names of the ops that have cases, in the order of the table.
std::vector<std::string> op_names();

// What the inputs of an op's cases are called in its formula: x, kernel, bias. The last may be absent in a case.
std::vector<std::string> input_names(const std::string& op);

}  // namespace cairn::ops
