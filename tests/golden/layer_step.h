// A training step of one layer, as Keras computed it.
#pragma once

#include "cairn/autograd/graph.h"
#include "golden/golden.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::test {

inline void expect_equal(const Tensor& actual, const Tensor& expected, const Setting& setting,
                         const std::string& what) {
    EXPECT_LT(relative_error(actual, expected), setting.tolerance) << what << " on " << name_of(setting);
}

// A training step of one layer, forward and backward, on the x, dy and parameters that stand under `prefix`: y, dx and
// the parameters' gradients must be those that stand there too.
inline void check_step(const nn::Model& model, const Golden& numbers, const std::string& prefix,
                       const Setting& setting) {
    const auto given = [&](const std::string& key) {
        return to_device(to_dtype(numbers.at(prefix + key), setting.dtype), setting.device);
    };
    for (const auto& [name, parameter] : model.parameters())
        if (parameter->trainable) set(parameter->value, numbers.at(prefix + parameter->name).to_vector<double>());
    const Tensor x = autograd::variable(given("x"));
    model.clear_gradients();
    const Tensor y = model(x, {.training = true});
    autograd::backward(y, given("dy"));

    expect_equal(y, numbers.at(prefix + "y"), setting, prefix + "y");
    expect_equal(autograd::gradient(x), numbers.at(prefix + "dx"), setting, prefix + "dx");
    for (const auto& [name, parameter] : model.parameters())
        if (parameter->trainable)
            expect_equal(autograd::gradient(parameter->value), numbers.at(prefix + "d" + parameter->name), setting,
                         prefix + "d" + parameter->name);
}

// A model of one layer for the x that stands under `prefix`.
template <typename L>
void check_layer(const L& layer, const Golden& numbers, const std::string& prefix) {
    for (const Setting& setting : settings) {
        nn::Sequential model{nn::Input(numbers.at(prefix + "x").shape().drop_first()), layer};
        model.initialize({.device = setting.device, .dtype = setting.dtype});
        check_step(model, numbers, prefix, setting);
    }
}

}  // namespace cairn::test
