// Regularizers: catches a penalty that is left out, taken of the wrong parameter, not divided by the batch, or lost where
// layers are fused.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::nn {
namespace {

double l1_of(const Tensor& w) {
    double sum = 0;
    for (const double v : w.to_vector<double>()) sum += std::abs(v);
    return sum;
}

double l2_of(const Tensor& w) {
    double sum = 0;
    for (const double v : w.to_vector<double>()) sum += v * v;
    return sum;
}

TEST(Regularizers, PenalizeKernelAndBias) {
    Sequential model{
        Input({5, 5, 2}),
        Conv2D(3, {2, 2},
               {.bias_initializer = constant(0.5), .kernel_regularizer = l1(0.25), .bias_regularizer = l2(3)}),
        Flatten(),
        Dense(4,
              {.bias_initializer = constant(-2), .kernel_regularizer = l1_l2(0.5, 0.125), .bias_regularizer = l1(1)})};
    model.initialize({.dtype = DType::float64, .seed = 3});
    const auto value = [&](std::size_t i) { return model.parameters()[i].parameter->value; };
    const double expected =
        0.25 * l1_of(value(0)) + 3 * 3 * 0.25 + 0.5 * l1_of(value(2)) + 0.125 * l2_of(value(2)) + 4 * 2;
    const Tensor penalty = model.penalty();
    EXPECT_NEAR(penalty.item(), expected, 1e-12 * expected);

    model.clear_gradients();
    autograd::backward(penalty);
    const std::vector<double> w = value(0).to_vector<double>(), dw = autograd::gradient(value(0)).to_vector<double>();
    for (std::size_t i = 0; i < w.size(); ++i) EXPECT_EQ(dw[i], w[i] > 0 ? 0.25 : -0.25);
    const std::vector<double> v = value(2).to_vector<double>(), dv = autograd::gradient(value(2)).to_vector<double>();
    for (std::size_t i = 0; i < v.size(); ++i) EXPECT_NEAR(dv[i], (v[i] > 0 ? 0.5 : -0.5) + 0.25 * v[i], 1e-15);
    for (const double d : autograd::gradient(value(1)).to_vector<double>()) EXPECT_EQ(d, 3.0);
    for (const double d : autograd::gradient(value(3)).to_vector<double>()) EXPECT_EQ(d, -1.0);
}

TEST(Regularizers, ALayerWithoutOneHasNoPenalty) {
    Sequential model{Input({5}), Dense(4, {.use_bias = false, .bias_regularizer = l2(1)})};
    model.initialize({});
    EXPECT_FALSE(model.penalty().defined());
}

// The output is penalized after its activation; the pooling behind the convolution would otherwise be computed in one op
// with it. Whoever gives no list gets no penalty.
TEST(Regularizers, PenalizeActivityDividedByTheBatch) {
    Sequential model{Input({6, 6, 2}), Conv2D(3, {3, 3}, {.activation = relu, .activity_regularizer = l2(0.5)}),
                     MaxPooling2D(), Flatten(), Dense(4, {.activation = sigmoid, .activity_regularizer = l1(0.25)})};
    Sequential upto{Input({6, 6, 2}), Conv2D(3, {3, 3}, {.activation = relu})};
    for (Sequential* m : {&model, &upto}) m->initialize({.dtype = DType::float64, .seed = 3});
    std::vector<double> pixels(5 * 72);
    RandomStream random({1, stream_of(Purpose::test), 0});
    for (double& pixel : pixels) pixel = random.normal();
    const Tensor x = from_values({5, 6, 6, 2}, pixels, Device::cpu());
    for (const bool training : {false, true}) {
        Tensors penalties;
        const Tensor y = model(x, {.training = training, .penalties = &penalties});
        ASSERT_EQ(penalties.size(), 2u);
        const double first = 0.5 * l2_of(upto(x, {})) / 5, second = 0.25 * l1_of(y) / 5;
        EXPECT_NEAR(penalties[0].item(), first, 1e-12 * first);
        EXPECT_NEAR(penalties[1].item(), second, 1e-12 * second);
        EXPECT_EQ(model(x, {.training = training}).to_vector<double>(), y.to_vector<double>());
    }
}

}  // namespace
}  // namespace cairn::nn
