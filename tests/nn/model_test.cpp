#include "cairn/nn/model.h"
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"

#include <gtest/gtest.h>

#include <map>

namespace cairn::nn {
namespace {

Sequential small_cnn() {
    return Sequential{
        Input({8, 8, 3}), Conv2D(4, {3, 3}, {.activation = relu}),
        MaxPooling2D(),   Conv2D(5, {3, 3}, {.padding = same}),
        Flatten(),        Dense(7, {.activation = relu, .kernel_regularizer = l2(0.01)}),
        Dense(3),
    };
}

std::vector<std::string> names(const Model& model) {
    std::vector<std::string> all;
    for (const auto& [name, parameter] : model.parameters()) all.push_back(name);
    return all;
}

TEST(Sequential, InfersShapesAndNumbersLayersAsKeras) {
    const Sequential model = small_cnn();
    std::vector<std::string> layers;
    for (const NamedLayer& placed : model.layers()) layers.push_back(placed.name + " " + placed.output.str());
    EXPECT_EQ(layers, (std::vector<std::string>{"input_layer (8, 8, 3)", "conv2d (6, 6, 4)", "max_pooling2d (3, 3, 4)",
                                                "conv2d_1 (3, 3, 5)", "flatten (45,)", "dense (7,)", "dense_1 (3,)"}));
    EXPECT_EQ(names(model),
              (std::vector<std::string>{"conv2d/kernel", "conv2d/bias", "conv2d_1/kernel", "conv2d_1/bias",
                                        "dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"}));
    EXPECT_EQ(model.count_parameters(true), (27 * 4 + 4) + (36 * 5 + 5) + (45 * 7 + 7) + (7 * 3 + 3));
    EXPECT_EQ(model.count_parameters(false), 0);
    // conv 6*6*4 outputs of 27 products, conv 3*3*5 of 36, dense 45*7 and 7*3; two operations each.
    EXPECT_EQ(model.flops(), 2 * (144 * 27 + 45 * 36 + 45 * 7 + 21));
}

// Catches parameters that overlap in the arena, and ones that are not views of it.
TEST(Model, KeepsItsParametersInOneArenaWithoutOverlap) {
    Sequential model = small_cnn();
    model.initialize({.seed = 5});
    std::vector<float> expected(static_cast<std::size_t>(model.values().size()), 0.0f);
    for (const auto& [name, parameter] : model.parameters()) {
        const std::vector<float> values = parameter->value.to_vector<float>();
        for (std::size_t i = 0; i < values.size(); ++i) {
            float& place = expected[static_cast<std::size_t>(parameter->offset) + i];
            EXPECT_EQ(place, 0.0f) << name;
            place = values[i];
        }
        EXPECT_EQ(parameter->offset % 64, 0) << name;
    }
    EXPECT_EQ(model.values().to_vector<float>(), expected);
}

// Catches equal layers that start with equal numbers, and initial values that depend on more than the seed.
TEST(Model, DrawsInitialValuesFromTheSeedAlone) {
    Sequential twins{Input({16}), Dense(16), Dense(16)};
    twins.initialize({.seed = 1});
    const auto kernel = [&](std::size_t i) { return twins.parameters()[i].parameter->value.to_vector<float>(); };
    EXPECT_NE(kernel(0), kernel(2));
    const std::vector<float> before = kernel(0);
    twins.initialize({.seed = 2});
    EXPECT_NE(kernel(0), before);
    twins.initialize({.seed = 1});
    EXPECT_EQ(kernel(0), before);
}

// Gradients must arrive in the arena itself, added up over the penalty and the layers, and a second pass must not add to the
// first once they are cleared.
TEST(Model, GradientsArriveInTheArena) {
    Sequential model = small_cnn();
    model.initialize({.dtype = DType::float64, .seed = 3});
    RandomStream random({1, stream_of(Purpose::test), 0});
    std::vector<double> pixels(2 * 8 * 8 * 3);
    for (double& pixel : pixels) pixel = random.uniform();
    const Tensor x = from_values({2, 8, 8, 3}, pixels, Device::cpu());
    const Tensor labels = from_values<std::int32_t>({2}, {0, 2}, Device::cpu());

    const auto gradients = [&](bool with_loss, bool with_penalty) {
        model.clear_gradients();
        const Tensor penalty = model.penalty();
        const Tensor loss = ops::softmax_cross_entropy(model(x, {.training = true}), labels);
        autograd::backward(with_loss && with_penalty ? ops::add(loss, penalty) : with_loss ? loss : penalty);
        model.complete_gradients();
        return model.gradients().to_vector<double>();
    };
    const std::vector<double> both = gradients(true, true);
    const std::vector<double> loss_alone = gradients(true, false);
    const std::vector<double> penalty_alone = gradients(false, true);
    EXPECT_EQ(gradients(true, true), both);
    ASSERT_EQ(both.size(), loss_alone.size());
    double penalty_norm = 0;
    for (std::size_t i = 0; i < both.size(); ++i) {
        EXPECT_NEAR(both[i], loss_alone[i] + penalty_alone[i], 1e-15) << i;
        penalty_norm += penalty_alone[i] * penalty_alone[i];
    }
    EXPECT_GT(penalty_norm, 0);
}

// Three penalties, of both kinds of layer, each with another factor. Catches one that is left out, counted twice or taken
// with another's factor, in the value and in the gradient.
TEST(Model, AddsUpThePenaltiesOfItsLayers) {
    Sequential model{Input({4, 4, 2}), Conv2D(3, {3, 3}, {.kernel_regularizer = l2(0.5)}),
                     Flatten(),        Dense(4, {.kernel_regularizer = l2(0.25)}),
                     Dense(3),         Dense(2, {.kernel_regularizer = l2(2)})};
    model.initialize({.dtype = DType::float64, .seed = 6});
    const std::map<std::string, double> factors{{"conv2d/kernel", 0.5}, {"dense/kernel", 0.25}, {"dense_2/kernel", 2}};

    const Tensor penalty = model.penalty();
    autograd::backward(penalty);
    model.complete_gradients();
    double expected = 0;
    for (const auto& [name, parameter] : model.parameters()) {
        const double factor = factors.contains(name) ? factors.at(name) : 0;
        const std::vector<double> w = parameter->value.to_vector<double>();
        const std::vector<double> dw = model.gradients().view(parameter->offset, parameter->shape).to_vector<double>();
        for (std::size_t i = 0; i < w.size(); ++i) {
            expected += factor * w[i] * w[i];
            EXPECT_NEAR(dw[i], 2 * factor * w[i], 1e-14) << name;
        }
    }
    EXPECT_NEAR(penalty.item(), expected, 1e-12 * expected);
}

TEST(Model, RefusesInputsOfAnotherShapeAndUseBeforeInitialize) {
    Sequential model = small_cnn();
    const Tensor x = zeros({2, 8, 8, 1}, DType::float32, Device::cpu());
    EXPECT_THROW(model(x, {}), Error);
    model.initialize({});
    try {
        model(x, {});
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "the model takes a batch of inputs (8, 8, 3), not a tensor (2, 8, 8, 1)");
    }
}

// In an evaluation the outputs that no later layer needs make room for the next: catches a model that keeps them all, which
// costs memory and no number.
TEST(Model, KeepsNoOutputThatNobodyNeeds) {
    const nn::Activation layer(relu);
    Sequential model{Input({50021}), layer, layer, layer, layer, layer, layer, layer, layer, layer, layer};
    model.initialize({});
    const Tensor x = full({3, 50021}, 1, DType::float32, Device::cpu());
    const autograd::NoGrad guard;
    const auto blocks = [] { return backend(Device::cpu()).allocator().stats().system_allocations; };
    const std::uint64_t before = blocks();
    model(x, {});
    EXPECT_LE(blocks() - before, 2u) << "a layer's input and its output";
}

// The same weights give the same logits on the reference and the cpu, so the layers ask for the same kernels on both.
TEST(Model, AgreesBetweenReferenceAndCpu) {
    std::vector<std::vector<double>> outputs;
    for (const Device& device : {Device::reference(), Device::cpu()}) {
        Sequential model = small_cnn();
        model.initialize({.device = device, .dtype = DType::float64, .seed = 4});
        const Tensor x = full({3, 8, 8, 3}, 0.5, DType::float64, device);
        outputs.push_back(model(x, {}).to_vector<double>());
    }
    ASSERT_EQ(outputs[0].size(), outputs[1].size());
    for (std::size_t i = 0; i < outputs[0].size(); ++i) EXPECT_NEAR(outputs[0][i], outputs[1][i], 1e-13);
}

}  // namespace
}  // namespace cairn::nn
