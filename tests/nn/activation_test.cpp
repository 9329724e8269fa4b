// Activations as options of layers: their names, and one of one's own as CONTRIBUTING.md writes it.
#include "cairn/autograd/gradcheck.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/model.h"
#include "cairn/ops/operators.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::nn {
namespace {

TEST(Activations, HaveKerasNames) {
    EXPECT_EQ(linear.name(), "linear");
    EXPECT_EQ(relu.name(), "relu");
    EXPECT_EQ(sigmoid.name(), "sigmoid");
    EXPECT_EQ(tanh.name(), "tanh");
    EXPECT_EQ(silu.name(), "silu");
    EXPECT_EQ(softplus.name(), "softplus");
    EXPECT_EQ(softmax.name(), "softmax");
    EXPECT_EQ(gelu().name(), "gelu");
    EXPECT_EQ(elu().name(), "elu");
    EXPECT_EQ(leaky_relu().name(), "leaky_relu");
    for (const ActivationFunction& f :
         std::vector<ActivationFunction>{sigmoid, tanh, silu, softplus, softmax, gelu, elu, leaky_relu, leaky_relu(0)})
        EXPECT_FALSE(f.is_fused()) << f.name() << " is no ReLU, whatever its slope";
    Sequential model{Input({3}), LeakyReLU()};
    EXPECT_EQ(model.layers()[1].name, "leaky_re_lu");
    EXPECT_EQ(test::error_message([] { LeakyReLU layer(-1); }),
              "LeakyReLU: the negative slope -1 must not be negative");
}

// Catches a number that a factory does not pass on.
TEST(Activations, TakeTheirNumbers) {
    const Tensor x = from_values<double>({1}, {-2}, Device::cpu());
    EXPECT_EQ(elu(0.5)(x).item(), 0.5 * std::expm1(-2.0));
    EXPECT_EQ(leaky_relu(0.25)(x).item(), -0.5);
    EXPECT_NEAR(LeakyReLU().forward(x, {}).item(), -0.6, 1e-15);
    EXPECT_NEAR(gelu()(x).item(), -2 * 0.022750131948179195, 1e-15);
    EXPECT_EQ(gelu(x).item(), gelu()(x).item());
    EXPECT_NEAR(gelu(true)(x).item(), -2 * 0.02270115299, 1e-10);
}

// mish (Misra 2019) = x tanh(log(1 + exp(x))), made of ops and not told to the framework.
TEST(Activations, OfOnesOwnNeedNoFileOfTheFramework) {
    const ActivationFunction mish{"mish", [](const Tensor& x) { return x * ops::tanh(ops::softplus(x)); }};
    const Tensor one = from_values<double>({1}, {1}, Device::cpu());
    EXPECT_NEAR(mish(one).item(), 0.8650983882673103, 1e-15);

    Sequential model{Input({5}), Dense(4, {.activation = mish})};
    model.initialize({.dtype = DType::float64, .seed = 2});
    const Tensor x = test::random_tensor({3, 5}, Device::cpu(), 1);
    const auto f = [&](const Tensors& inputs) { return model(inputs[0], {}); };
    const Tensors inputs{x, model.parameters()[0].parameter->value, model.parameters()[1].parameter->value};
    EXPECT_LT(autograd::gradcheck(f, inputs).error(), 1e-6);
}

}  // namespace
}  // namespace cairn::nn
