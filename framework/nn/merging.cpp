#include "cairn/nn/merging.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

Shape Add::connect(std::span<const Shape> inputs) {
    check(inputs.size() >= 2, "Add: needs at least two inputs, not {}", inputs.size());
    for (const Shape& input : inputs)
        check(input == inputs.front(), "Add: inputs {} and {} differ; a 1x1 Conv2D brings one to the other's channels",
              inputs.front(), input);
    return inputs.front();
}

Tensor Add::apply(std::span<const Tensor> inputs, const Call&) const {
    Tensor sum = inputs.front();
    for (std::size_t i = 1; i < inputs.size(); ++i) sum = ops::add(sum, inputs[i]);
    return sum;
}

}  // namespace cairn::nn
