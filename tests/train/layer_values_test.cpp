// What is seen inside of a model, against numbers that are known.
#include "cairn/train/layer_values.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/by_layer.h"
#include "cairn/nn/functional.h"
#include "cairn/train/gradients.h"
#include "support/compare.h"

#include <gtest/gtest.h>

namespace cairn::train {
namespace {

nn::Functional branched() {
    return nn::Functional({4, 4, 2}, [](nn::Value x) {
        const nn::Value shortcut = x | nn::Conv2D(3, {1, 1});
        x = x | nn::Conv2D(3, {3, 3}, {.activation = nn::relu, .padding = nn::same}) | nn::BatchNormalization();
        return nn::add(x, shortcut) | nn::Flatten() | nn::Dropout(0.5) |
               nn::Dense(3, {.kernel_regularizer = nn::l2(0.1)});
    });
}

Batch batch_of(const Shape& image, const Device& device, std::int64_t size) {
    std::vector<std::int32_t> labels;
    for (std::int64_t i = 0; i < size; ++i) labels.push_back(static_cast<std::int32_t>(i % 3));
    return {test::random_tensor(image.prepend(size), device, 1), from_values({size}, labels, device)};
}

// Layer by layer, the loss and its gradients are those of a step of training, fused as it is: catches a layer that takes another
// one's output, another mask, and a penalty that is left out.
TEST(ByLayer, IsTheModelsOwnLoss) {
    nn::Functional model = branched();
    model.initialize({.dtype = DType::float64, .seed = 3});
    const Batch batch = batch_of({4, 4, 2}, Device::cpu(), 5);
    const nn::Call call{.training = true, .seed = 7, .step = 2};
    const BatchLoss whole = gradients(model, batch, call);
    const std::vector<double> expected = test::numbers(model.gradients());
    model.clear_gradients();
    Tensors outputs;
    const BatchLoss one_by_one = batch_loss_by_layer(model, batch, call, {}, &outputs);
    autograd::backward(one_by_one.loss);
    EXPECT_NEAR(whole.loss.item(), one_by_one.loss.item(), 1e-12);
    const std::vector<double> is = test::numbers(model.gradients());
    for (std::size_t i = 0; i < is.size(); ++i) EXPECT_NEAR(is[i], expected[i], 1e-12) << i;
    ASSERT_EQ(outputs.size(), model.layers().size());
    for (std::size_t i = 0; i < outputs.size(); ++i)
        EXPECT_EQ(outputs[i].shape(), model.layers()[i].output.prepend(5)) << model.layers()[i].name;
}

// The gradient of an output is how the loss changes when a number is added to it. Catches the gradient of one branch for both.
TEST(LayerValues, GradientsAreThoseOfTheOutputs) {
    nn::Functional model = branched();
    model.initialize({.dtype = DType::float64, .seed = 3});
    const Batch batch = batch_of({4, 4, 2}, Device::cpu(), 5);
    const nn::Call call{.training = true, .dropout = false};
    const std::vector<LayerValues> values = layer_values(model, batch, call);
    ASSERT_EQ(values.size(), model.layers().size() - 1);
    for (std::size_t l = 1; l < model.layers().size(); ++l) {
        const LayerValues& layer = values[l - 1];
        EXPECT_EQ(layer.name, model.layers()[l].name);
        const Shape shape = layer.output.prepend(5);
        ASSERT_EQ(layer.activations.size(), static_cast<std::size_t>(shape.size()));
        ASSERT_EQ(layer.gradients.size(), layer.activations.size()) << layer.name;
        for (const std::size_t at : {std::size_t{0}, layer.activations.size() / 2}) {
            const auto loss_with = [&](double added) {
                std::vector<double> numbers(layer.activations.size());
                numbers[at] = added;
                Tensors all(model.layers().size());
                all[l] = from_values(shape, numbers, Device::cpu());
                return batch_loss_by_layer(model, batch, call, all).loss.item();
            };
            EXPECT_NEAR((loss_with(1e-5) - loss_with(-1e-5)) / 2e-5, layer.gradients[at], 1e-6)
                << layer.name << " " << at;
        }
    }
    const auto& dense = values.back();
    EXPECT_TRUE(dense.has_parameters);
    EXPECT_GT(dense.parameter_gradient, 0);
    EXPECT_FALSE(values[values.size() - 2].has_parameters) << "dropout";
}

// A network whose second channel alone speaks for class 1 where the picture is bright: the map is that channel.
TEST(ClassMaps, ShowWhereAClassWasSeen) {
    nn::Sequential model{nn::Input({4, 4, 1}), nn::Conv2D(2, {1, 1}, {.activation = nn::relu}),
                         nn::GlobalAveragePooling2D(), nn::Dense(2)};
    model.initialize({});
    const auto set = [&](const std::string& name, const std::vector<float>& values) {
        for (const auto& [is, parameter] : model.parameters())
            if (is == name) parameter->value.detach().upload(values.data());
    };
    set("conv2d/kernel", {-1, 1});  // channel 0 sees nothing in a bright picture, channel 1 its brightness
    set("dense/kernel", {1, -1, -2, 3});
    std::vector<float> picture(16, 0);
    picture[6] = 1;
    picture[7] = 0.5F;
    const Tensor images = from_values({1, 4, 4, 1}, picture, Device::cpu());
    const ClassMaps maps = class_maps(model, images, {1});
    EXPECT_EQ(maps.layer, "conv2d");
    ASSERT_EQ(maps.maps.size(), 1u);
    EXPECT_EQ(maps.maps[0].height, 4);
    for (std::size_t i = 0; i < 16; ++i) EXPECT_FLOAT_EQ(maps.maps[0].values[i], picture[i]) << i;
    // The channel speaks against class 0: nothing of the picture is for it.
    const ClassMaps against = class_maps(model, images, {0});
    for (const float value : against.maps[0].values) EXPECT_EQ(value, 0);
}

// The maps are those of the layer before a pooling, and a dense network has none.
TEST(ClassMaps, AreOfTheLastLayerThatTellsPlacesApart) {
    nn::Sequential convolutions{nn::Input({8, 8, 3}),  nn::Conv2D(2, {3, 3}),    nn::MaxPooling2D(),
                                nn::Conv2D(2, {2, 2}), nn::MaxPooling2D({2, 2}), nn::Flatten(),
                                nn::Dense(2)};
    convolutions.initialize({});
    const Tensor images = zeros({1, 8, 8, 3}, DType::float32, Device::cpu());
    EXPECT_EQ(class_maps(convolutions, images, {0}).layer, "conv2d_1");
    nn::Sequential dense{nn::Input({8, 8, 3}), nn::Flatten(), nn::Dense(2)};
    dense.initialize({});
    EXPECT_EQ(class_maps(dense, images, {0}).layer, "");
}

}  // namespace
}  // namespace cairn::train
