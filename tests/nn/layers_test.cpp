#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/model.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cairn::nn {
namespace {

// Keras's numbering starts at the plain name and counts per type; weights files depend on it.
TEST(Names, AreSnakeCaseAsInKeras) {
    EXPECT_EQ(snake_case("Conv2D"), "conv2d");
    EXPECT_EQ(snake_case("MaxPooling2D"), "max_pooling2d");
    EXPECT_EQ(snake_case("BatchNormalization"), "batch_normalization");
    EXPECT_EQ(snake_case("Dense"), "dense");
}

// Catches swapped fans, and a limit that uses only one of them.
TEST(GlorotUniform, FillsItsIntervalEvenly) {
    RandomStream random({3, stream_of(Purpose::test), 0});
    const std::vector<double> values = glorot_uniform()({3, 3, 3, 320}, random);
    const double limit = std::sqrt(6.0 / (27 + 2880));
    double sum = 0, squares = 0, largest = 0;
    for (const double v : values) {
        sum += v;
        squares += v * v;
        largest = std::max(largest, std::abs(v));
    }
    const auto n = static_cast<double>(values.size());
    EXPECT_LT(largest, limit);
    EXPECT_GT(largest, 0.99 * limit);
    // A uniform variable on [-l, l] has variance l^2 / 3; five standard errors of mean and variance.
    EXPECT_NEAR(sum / n, 0, 5 * limit / std::sqrt(3 * n));
    EXPECT_NEAR(squares / n, limit * limit / 3, 5 * limit * limit * std::sqrt(4.0 / 45 / n));
}

// Catches fans that leave out the window or the channels, and one fan taken for the other: the largest of so many numbers
// comes within a hundredth of the limit.
TEST(GlorotUniform, CountsTheWindowInBothFans) {
    Sequential model{Input({6, 7, 20}), Conv2D(30, {3, 5}), Flatten(), Dense(5)};
    model.initialize({.seed = 2});
    const auto largest = [&](std::size_t i) {
        double found = 0;
        for (const float v : model.parameters()[i].parameter->value.to_vector<float>())
            found = std::max(found, std::abs(static_cast<double>(v)));
        return found;
    };
    const double of_conv = std::sqrt(6.0 / (15 * 20 + 15 * 30)), of_dense = std::sqrt(6.0 / (4 * 3 * 30 + 5));
    EXPECT_LE(largest(0), of_conv);
    EXPECT_GT(largest(0), 0.99 * of_conv);
    EXPECT_EQ(largest(1), 0) << "biases start at 0";
    EXPECT_LE(largest(2), of_dense);
    EXPECT_GT(largest(2), 0.99 * of_dense);
}

// Catches rows taken for columns: of a window, a stride, an image. What a layer says about its output is what it computes.
TEST(Layers, KeepHeightAndWidthApart) {
    Sequential model{Input({20, 9, 2}), Conv2D(3, {3, 2}, {.strides = {2, 1}}), MaxPooling2D({3, 2}),
                     MaxPooling2D({1, 2}, {.strides = {2, 1}, .padding = same}), MaxPooling2D()};
    model.initialize({});
    const std::vector<Shape> expected{{20, 9, 2}, {9, 8, 3}, {3, 4, 3}, {2, 4, 3}, {1, 2, 3}};
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(model.layers()[i].output, expected[i]) << i;
    EXPECT_EQ(model(zeros({5, 20, 9, 2}, DType::float32, Device::cpu()), {}).shape(), (Shape{5, 1, 2, 3}));
    EXPECT_EQ(model.flops(), 2 * (9 * 8 * 3) * (3 * 2 * 2));
}

// The numbers that a seed gives are those of these streams: weights and masks would be others in every run that somebody
// repeats, and two purposes would share their numbers.
TEST(Layers, DrawFromTheStreamsOfTheirPurpose) {
    Sequential model{Input({6}), Dense(4), Dropout(0.25), Dense(5)};
    model.initialize({.dtype = DType::float64, .seed = 9});
    for (const std::uint32_t i : {0u, 2u}) {  // the kernels; biases draw nothing but count
        const Parameter& kernel = *model.parameters()[i].parameter;
        RandomStream random({9, stream_of(Purpose::initialize, i), 0});
        EXPECT_EQ(kernel.value.to_vector<double>(), glorot_uniform()(kernel.shape, random));
    }

    Sequential masked{Input({64}), Activation(relu), Dropout(0.25)};
    masked.initialize({});
    const Tensor x = full({2, 64}, 1.0, DType::float32, Device::cpu());
    EXPECT_EQ(masked(x, {.training = true, .seed = 5, .step = 7}).to_vector<float>(),
              ops::dropout(x, 0.25, {5, stream_of(Purpose::dropout, 2), 7}).to_vector<float>());
}

// An activation of one's own is applied to the layer's output, not fused away with what follows, and differentiated.
TEST(Layers, TakeAnyFunctionAsActivation) {
    const auto squared_relu = [](const Tensor& x) { return ops::square(ops::relu(x)); };
    Sequential inside{Input({6, 6, 2}), Conv2D(3, {3, 3}, {.activation = squared_relu}), MaxPooling2D(), Flatten(),
                      Dense(2, {.activation = ops::square})};
    Sequential outside{
        Input({6, 6, 2}), Conv2D(3, {3, 3}), Activation(relu), Activation(ops::square),
        MaxPooling2D(),   Flatten(),         Dense(2),         Activation(ActivationFunction{"square", ops::square})};
    std::vector<std::vector<double>> results, gradients;
    for (Sequential* model : {&inside, &outside}) {
        model->initialize({.dtype = DType::float64, .seed = 4});
        const Tensor y = (*model)(full({1, 6, 6, 2}, 0.75, DType::float64, Device::cpu()), {.training = true});
        autograd::backward(ops::sum(y));
        results.push_back(y.to_vector<double>());
        gradients.push_back(model->gradients().to_vector<double>());
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_EQ(gradients[0], gradients[1]);
    EXPECT_TRUE(ActivationFunction(ops::relu).is_relu()) << "the op itself is fused, too";
}

// A model can be handed on: its parameters, steps and arenas go along.
TEST(Model, CanBeMoved) {
    const auto make = [] {
        Sequential model{Input({4, 4, 1}), Conv2D(2, {3, 3}, {.activation = relu}), MaxPooling2D(), Flatten(),
                         Dense(2)};
        model.initialize({.seed = 2});
        return model;
    };
    Sequential first = make();
    const Tensor x = full({3, 4, 4, 1}, 0.5, DType::float32, Device::cpu());
    const std::vector<float> before = first(x, {.training = true}).to_vector<float>();
    std::vector<Sequential> models;
    models.push_back(std::move(first));
    models.push_back(make());
    EXPECT_EQ(models[0](x, {.training = true}).to_vector<float>(), before);
    EXPECT_EQ(models[1](x, {.training = false}).to_vector<float>(), before);
    EXPECT_EQ(models[0].parameters()[0].name, "conv2d/kernel");
}

TEST(Layers, SayWhatDoesNotFit) {
    using test::error_message;
    EXPECT_EQ(error_message([] {
                  Sequential{Input({32, 32, 3}), Dense(10)};
              }),
              "Dense: needs (features,), not (32, 32, 3); put a Flatten before it");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8}), Conv2D(4, {3, 3})};
              }),
              "Conv2D: needs images (height, width, channels), not (8,)");
    EXPECT_EQ(error_message([] { Sequential{Dense(10)}; }),
              "a Sequential begins with an Input, which gives the shape of one sample");
    EXPECT_EQ(error_message([] { Sequential{Input({8}), Input({8})}; }), "an Input has nothing before it");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8}), MaxPooling2D()};
              }),
              "MaxPooling2D: needs images (height, width, channels), not (8,)");
    EXPECT_EQ(error_message([] { Conv2D(0, {3, 3}); }), "Conv2D: the number of filters must be positive, not 0");
    EXPECT_EQ(error_message([] { Dropout(1.0); }), "Dropout: the rate must be at least 0 and below 1, not 1");
    EXPECT_EQ(error_message([] { Dense(0); }), "Dense: the number of units must be positive, not 0");
}

// Catches a dropout that draws the same mask in every layer or at every step.
TEST(DropoutLayer, DrawsOtherMasksPerLayerAndStepAndIsOffInInference) {
    Sequential first{Input({64}), Dropout(0.5)};
    Sequential second{Input({64}), Activation(relu), Dropout(0.5)};
    first.initialize({});
    second.initialize({});
    const Tensor x = full({1, 64}, 1.0, DType::float32, Device::cpu());
    const auto run = [&](const Model& model, const Call& call) { return model(x, call).to_vector<float>(); };
    const Call call{.training = true, .seed = 1, .step = 0};
    EXPECT_EQ(run(first, call), run(first, call));
    EXPECT_NE(run(first, call), run(first, {.training = true, .seed = 1, .step = 1}));
    EXPECT_NE(run(first, call), run(first, {.training = true, .seed = 2, .step = 0}));
    EXPECT_NE(run(first, call), run(second, call));
    const std::vector<float> unchanged(64, 1.0f);
    EXPECT_EQ(run(first, {}), unchanged);
    EXPECT_EQ(run(first, {.training = true, .dropout = false}), unchanged);
}

// Catches a bias that is there without being asked for, and an activation that does not reach the op.
TEST(DenseLayer, FollowsItsOptions) {
    Sequential model{Input({2}), Dense(2, {.activation = relu, .use_bias = false}), Dense(2, {.use_bias = false})};
    model.initialize({.dtype = DType::float64});
    EXPECT_EQ(model.count_parameters(true), 2 * 2 + 2 * 2);
    const std::vector<double> first{1, -1, 2, -2}, second{-1, 0, 0, -1};
    model.parameters()[0].parameter->value.upload(first.data());
    model.parameters()[1].parameter->value.upload(second.data());
    const Tensor x = from_values<double>({1, 2}, {1, 10}, Device::cpu());
    EXPECT_EQ(model(x, {}).to_vector<double>(), (std::vector<double>{-21, 0}));
}

// Catches statistics of the wrong mode, and moving averages that move in inference.
TEST(BatchNormalizationLayer, MovesItsAveragesOnlyInTraining) {
    Sequential model{Input({1}), BatchNormalization()};
    model.initialize({});
    const auto moving = [&](std::size_t i) { return model.parameters()[i].parameter->value.item(); };
    const Tensor x = from_values<float>({2, 1}, {1, 3}, Device::cpu());  // mean 2, biased variance 1

    model(x, {.training = false});
    EXPECT_EQ(moving(2), 0);
    EXPECT_EQ(moving(3), 1);

    const std::vector<float> y = model(x, {.training = true}).to_vector<float>();
    const float expected = 1 / std::sqrt(1.001f);  // epsilon 1e-3
    EXPECT_NEAR(y[0], -expected, 1e-6);
    EXPECT_NEAR(y[1], expected, 1e-6);
    EXPECT_NEAR(moving(2), 0.02, 1e-7);
    EXPECT_NEAR(moving(3), 0.99 * 1 + 0.01 * 1, 1e-6);

    const std::vector<float> inferred = model(x, {.training = false}).to_vector<float>();
    EXPECT_NEAR(inferred[0], (1 - 0.02) / std::sqrt(1.0 + 1e-3), 1e-6);
}

// Catches a frozen layer that normalizes by the batch, by itself or in one op with the convolution before it, and one that
// is frozen because its gamma is.
TEST(BatchNormalizationLayer, KeepsAndUsesItsAveragesWhenFrozen) {
    const Tensor x = from_values<float>({2, 1, 1, 1}, {1, 3}, Device::cpu());
    for (const bool fuse : {true, false}) {
        Sequential model{Input({1, 1, 1}), Conv2D(1, {1, 1}), BatchNormalization()};
        model.initialize({.seed = 1, .fuse = fuse});
        const std::vector<float> inferred = model(x, {}).to_vector<float>();
        model.freeze("batch_normalization/gamma");
        EXPECT_NE(model(x, {.training = true}).to_vector<float>(), inferred);
        const std::vector<float> moved = model.state().to_vector<float>();
        model.freeze("batch_normalization");
        const std::vector<float> now = model(x, {}).to_vector<float>();
        EXPECT_EQ(model(x, {.training = true}).to_vector<float>(), now);
        EXPECT_EQ(model.state().to_vector<float>(), moved);
    }
}

// Catches options that do not reach the op in one of the modes.
TEST(BatchNormalizationLayer, FollowsItsOptionsInBothModes) {
    Sequential model{Input({1}), BatchNormalization({.epsilon = 3, .momentum = 0.5})};
    model.initialize({.dtype = DType::float64});
    const Tensor x = from_values<double>({2, 1}, {1, 3}, Device::cpu());  // mean 2, biased variance 1
    EXPECT_EQ(model(x, {.training = false}).to_vector<double>(), (std::vector<double>{0.5, 1.5}));
    EXPECT_EQ(model(x, {.training = true}).to_vector<double>(), (std::vector<double>{-0.5, 0.5}));
    EXPECT_EQ(model.parameters()[2].parameter->value.item(), 1);
}

}  // namespace
}  // namespace cairn::nn
