#include "cairn/nn/functional.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::nn {
namespace {

TEST(Functional, OfAChainIsASequential) {
    Functional functional({4, 4, 3}, [](Value x) { return x | Conv2D(2, {3, 3}) | Flatten() | Dense(3); });
    Sequential sequential{Input({4, 4, 3}), Conv2D(2, {3, 3}), Flatten(), Dense(3)};
    functional.initialize({.seed = 1});
    sequential.initialize({.seed = 1});
    const Tensor x = full({2, 4, 4, 3}, 0.5, DType::float32, Device::cpu());
    EXPECT_EQ(functional(x, {}).to_vector<float>(), sequential(x, {}).to_vector<float>());
    EXPECT_EQ(functional.parameters().back().name, sequential.parameters().back().name);
}

// y = x W + x: catches a branch that is lost or dropped before its last use, in the value and in the gradient.
TEST(Functional, AddsABranchToItsInput) {
    Functional model({2}, [](Value x) {
        const Value first = x | Dense(2);
        return add(first | Dense(2), first);
    });
    model.initialize({.dtype = DType::float64, .seed = 1});
    const auto set = [&](std::size_t i, const std::vector<double>& values) {
        model.parameters()[i].parameter->value.upload(values.data());
    };
    set(0, {1, 0, 0, 1});  // the identity
    set(2, {1, 2, 3, 4});
    const Tensor x = from_values<double>({1, 2}, {1, 10}, Device::cpu());
    const Tensor y = model(x, {.training = true});
    EXPECT_EQ(y.to_vector<double>(), (std::vector<double>{1 + 30 + 1, 2 + 40 + 10}));

    autograd::backward(ops::sum(y));
    // dL/dh = 1 W^T + 1 = (1 + 2 + 1, 3 + 4 + 1), and dL/d(first kernel) = x^T dL/dh.
    const Tensor gradient = autograd::gradient(model.parameters()[0].parameter->value);
    EXPECT_EQ(gradient.to_vector<double>(), (std::vector<double>{4, 8, 40, 80}));
}

// Catches a third input that is forgotten, or added in place of the second.
TEST(Functional, AddsAllOfItsInputs) {
    Functional model({2}, [](Value x) {
        return Functional::append(std::make_shared<Add>(), {x, x | Dense(2), x | Dense(2)});
    });
    model.initialize({.dtype = DType::float64, .seed = 1});
    const std::vector<double> twice{2, 0, 0, 2}, thrice{3, 0, 0, 3};
    model.parameters()[0].parameter->value.upload(twice.data());
    model.parameters()[2].parameter->value.upload(thrice.data());
    const Tensor x = autograd::variable(from_values<double>({1, 2}, {1, 10}, Device::cpu()));
    const Tensor y = model(x, {.training = true});
    EXPECT_EQ(y.to_vector<double>(), (std::vector<double>{6, 60}));
    autograd::backward(ops::sum(y));
    EXPECT_EQ(autograd::gradient(x).to_vector<double>(), (std::vector<double>{6, 6}));
}

TEST(Functional, SaysWhatDoesNotFit) {
    using test::error_message;
    EXPECT_EQ(error_message([] { Functional({4}, [](Value x) { return add(x, x | Dense(3)); }); }),
              "Add: inputs (4,) and (3,) differ; a 1x1 Conv2D brings one to the other's channels");
    EXPECT_EQ(error_message(
                  [] { Functional({4}, [](Value x) { return Functional::append(std::make_shared<Add>(), {x}); }); }),
              "Add: needs at least two inputs, not 1");
    EXPECT_EQ(error_message([] {
                  Functional({4}, [](Value x) {
                      Functional({4}, [&](Value of_another) { return add(of_another, x); });
                      return x | Dense(2);
                  });
              }),
              "Add: its inputs belong to different models");
    EXPECT_EQ(error_message([] {
                  Functional({4}, [](Value x) {
                      const Value y = x | Dense(3);
                      y | Dense(2);
                      return y;
                  });
              }),
              "the model returns the output of dense, but dense_1 was applied after it");
}

}  // namespace
}  // namespace cairn::nn
