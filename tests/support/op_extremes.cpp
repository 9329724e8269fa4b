#include "support/op_extremes.h"

#include "cairn/autograd/graph.h"
#include "support/compare.h"

#include <cmath>

namespace cairn::test {

namespace {

bool is_floating(const Tensor& x) { return x.dtype() == DType::float32 || x.dtype() == DType::float64; }

// The value of the op and the gradients of its inputs, those of floating-point numbers.
Tensors results(const ops::OpCase& c, const Tensors& from, const Device& device, DType dtype) {
    Tensors inputs;
    for (const Tensor& x : from) {
        const Tensor there = is_floating(x) ? to_dtype(x, dtype) : x;
        inputs.push_back(to_device(there, device));
        if (is_floating(x)) inputs.back() = autograd::variable(inputs.back());
    }
    const Tensor y = c.apply(inputs);
    const Tensor dy = to_dtype(random_tensor(y.shape(), Device::reference(), 50), DType::float32);
    autograd::backward(y, to_device(to_dtype(dy, dtype), device));
    Tensors all{y.detach()};
    for (const Tensor& x : inputs)
        if (is_floating(x)) all.push_back(autograd::gradient(x));
    return all;
}

std::string kind_of(double x) {
    if (std::isnan(x)) return "NaN";
    if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
    return "a number";
}

// The first element that differs in kind, or in value by more than float32 may.
std::optional<std::string> difference(const Tensor& actual, const Tensor& expected) {
    const std::vector<double> got = numbers(actual), wanted = numbers(expected);
    double largest = 1e-30;
    for (const double x : wanted)
        if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool beyond_float = std::abs(wanted[i]) > std::numeric_limits<float>::max();
        const double there = beyond_float ? std::copysign(INFINITY, wanted[i]) : wanted[i];
        if (kind_of(got[i]) != kind_of(there) || std::abs(got[i] - there) > 1e-3 * largest)
            return fmt::format("[{}] of {} is {}, the reference {}", i, expected.shape(), got[i], there);
    }
    return {};
}

Tensors spoilt_inputs(const ops::OpCase& c, double value, std::size_t input) {
    Tensors inputs = c.inputs(Device::reference(), DType::float32, 3);
    std::vector<float> elements = inputs[input].to_vector<float>();
    elements[elements.size() / 2] = static_cast<float>(value);
    inputs[input] = from_values(inputs[input].shape(), elements, Device::reference());
    return inputs;
}

}  // namespace

std::optional<std::string> disagreement_with(const ops::OpCase& c, double value, const Device& device) {
    const Tensors untouched = c.inputs(Device::reference(), DType::float32, 3);
    for (std::size_t input = 0; input < untouched.size(); ++input) {
        if (untouched[input].dtype() != DType::float32 || untouched[input].size() == 0) continue;
        const Tensors inputs = spoilt_inputs(c, value, input);
        const Tensors expected = results(c, inputs, Device::reference(), DType::float64);
        const Tensors actual = results(c, inputs, device, DType::float32);
        for (std::size_t k = 0; k < expected.size(); ++k)
            if (const auto what = difference(actual[k], expected[k]))
                return fmt::format("{} {}: {} in input {}: {}{}", c.op, c.name, value, input,
                                   k == 0 ? "y" : fmt::format("gradient {}", k - 1), *what);
    }
    return {};
}

namespace {

std::optional<std::string> wrong_answer(const ops::OpCase& c, const Tensors& inputs, const Device& device) {
    try {
        for (const Tensor& result : results(c, inputs, device, DType::float32))
            for (const double x : numbers(result))
                if (!std::isfinite(x)) return "not a number among the results";
    } catch (const Error& error) {
        const std::string message = error.what();
        if (message.find(": ") == std::string::npos) return "no words: " + message;
    } catch (const std::exception& error) {
        return std::string("not refused with words: ") + error.what();
    }
    return {};
}

}  // namespace

std::optional<std::string> wrong_answer_to_size_zero(const ops::OpCase& c, const Device& device) {
    const Tensors whole = c.inputs(Device::reference(), DType::float32, 3);
    const auto without = [](const Tensor& x, int axis) {
        return empty(x.shape().with(axis, 0), x.dtype(), Device::reference());
    };
    for (std::size_t input = 0; input < whole.size(); ++input)
        for (int axis = 0; axis < whole[input].rank(); ++axis)
            for (const bool alone : {true, false}) {
                Tensors inputs = whole;
                for (std::size_t k = 0; k < inputs.size(); ++k) {
                    const bool fellow = axis < whole[k].rank() && whole[k].dim(axis) == whole[input].dim(axis);
                    if (k == input || (!alone && fellow)) inputs[k] = without(whole[k], axis);
                }
                if (const auto what = wrong_answer(c, inputs, device))
                    return fmt::format("{} {}: input {} {}{}: {}", c.op, c.name, input, inputs[input].shape(),
                                       alone ? "" : " and its fellows", *what);
            }
    return {};
}

}  // namespace cairn::test
