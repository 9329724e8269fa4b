#include "cairn/nn/merging.h"

#include "cairn/ops/ops.h"

namespace cairn::nn {

namespace {

// The shape of two inputs combined.
Shape merged(const std::string& layer, const Shape& a, const Shape& b) {
    bool fits = a.rank() == b.rank();
    Shape result;
    for (int axis = 0; fits && axis < a.rank(); ++axis) {
        fits = a[axis] == b[axis] || a[axis] == 1 || b[axis] == 1;
        result = result.append(a[axis] == 1 ? b[axis] : a[axis]);
    }
    check(fits, "{}: inputs {} and {} differ; a 1x1 Conv2D brings one to the other's channels", layer, a, b);
    return result;
}

}  // namespace

Shape Merge::connect(std::span<const Shape> inputs) {
    check(inputs.size() >= 2, "{}: needs at least two inputs, not {}", type(), inputs.size());
    Shape output = inputs.front();
    for (std::size_t i = 1; i < inputs.size(); ++i) output = merged(type(), output, inputs[i]);
    return output;
}

Tensor Merge::apply(std::span<const Tensor> inputs, const Call&) const {
    Tensor result = inputs.front();
    for (std::size_t i = 1; i < inputs.size(); ++i) result = combine(result, inputs[i]);
    return result;
}

Tensor Add::combine(const Tensor& a, const Tensor& b) const { return ops::add(a, b); }

Shape Subtract::connect(std::span<const Shape> inputs) {
    check(inputs.size() == 2, "Subtract: needs two inputs, not {}", inputs.size());
    return Merge::connect(inputs);
}

Tensor Subtract::combine(const Tensor& a, const Tensor& b) const { return ops::sub(a, b); }

Tensor Multiply::combine(const Tensor& a, const Tensor& b) const { return ops::mul(a, b); }

Tensor Average::combine(const Tensor& a, const Tensor& b) const { return ops::add(a, b); }

Tensor Average::apply(std::span<const Tensor> inputs, const Call& call) const {
    const Tensor sum = Merge::apply(inputs, call);
    return ops::affine(sum, 1.0 / static_cast<double>(inputs.size()), 0);
}

Tensor Maximum::combine(const Tensor& a, const Tensor& b) const { return ops::maximum(a, b); }

Tensor Minimum::combine(const Tensor& a, const Tensor& b) const { return ops::minimum(a, b); }

Shape Concatenate::connect(std::span<const Shape> inputs) {
    check(inputs.size() >= 2, "Concatenate: needs at least two inputs, not {}", inputs.size());
    const Shape& first = inputs.front();
    const int axis = axis_ < 0 ? axis_ + first.rank() : axis_ - 1;  // of a sample
    check(axis_ != 0 && axis >= 0 && axis < first.rank(),
          "Concatenate: samples {} have no axis {}; -1 is the last, 1 the first (0 would be the batch)", first, axis_);
    std::int64_t size = 0;
    for (const Shape& input : inputs) {
        check(input.rank() == first.rank() && input.with(axis, first[axis]) == first,
              "Concatenate: inputs {} and {} may differ in the size of axis {} alone", first, input, axis_);
        size += input[axis];
    }
    return first.with(axis, size);
}

Tensor Concatenate::apply(std::span<const Tensor> inputs, const Call&) const {
    return ops::concatenate({inputs.begin(), inputs.end()}, axis_);
}

Settings Concatenate::settings() const {
    Settings settings;
    settings.add("axis", static_cast<double>(axis_), -1.0);
    return settings;
}

}  // namespace cairn::nn
