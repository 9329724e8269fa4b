// Every layer that make_keras_layers.py lists, against Keras: output and gradients of a training step.
#include "golden/layer_step.h"

namespace cairn::test {
namespace {

const Golden& numbers() {
    static const Golden all = golden("layers");
    return all;
}

template <typename L>
void check(const L& layer, const std::string& name) {
    check_layer(layer, numbers(), name + "/");
}

// Catches a dilation that moves the padding or the taps, rows and columns exchanged, groups that see each other's channels or
// are put together in another order.
TEST(KerasGolden, Conv2DWithDilationAndGroups) {
    check(nn::Conv2D(2, {3, 2}, {.padding = nn::same, .dilation_rate = {2, 3}}), "conv2d_dilated");
    check(nn::Conv2D(2, {3, 3}, {.activation = nn::relu, .dilation_rate = {2, 2}}), "conv2d_dilated_valid");
    check(nn::Conv2D(4, {3, 3}, {.activation = nn::relu, .padding = nn::same, .groups = 2}), "conv2d_groups");
    check(nn::Conv2D(3, {2, 3}, {.strides = {2, 2}, .padding = nn::same, .groups = 3}), "conv2d_groups_strides");
}

// Catches outputs of a channel that stand apart: c M + m, not m C + c.
TEST(KerasGolden, DepthwiseAndSeparableConv2D) {
    check(nn::DepthwiseConv2D({3, 3}, {.padding = nn::same}), "depthwise");
    check(nn::DepthwiseConv2D({3, 3},
                              {.activation = nn::relu, .strides = {2, 2}, .padding = nn::same, .depth_multiplier = 2}),
          "depthwise_multiplied");
    check(nn::DepthwiseConv2D({2, 3}, {.dilation_rate = {2, 2}, .use_bias = false}), "depthwise_dilated");
    check(nn::SeparableConv2D(2, {3, 3}, {.activation = nn::relu, .padding = nn::same, .depth_multiplier = 2}),
          "separable");
    check(nn::SeparableConv2D(3, {3, 3}, {.strides = {2, 2}}), "separable_strides");
}

// Catches an output of another size, and one that lies a pixel beside Keras's.
TEST(KerasGolden, Conv2DTranspose) {
    check(nn::Conv2DTranspose(2, {3, 3}), "transpose");
    check(nn::Conv2DTranspose(2, {3, 3}, {.activation = nn::relu, .strides = {2, 2}, .padding = nn::same}),
          "transpose_strides");
    check(nn::Conv2DTranspose(2, {2, 2}, {.strides = {3, 3}}), "transpose_beyond");
    check(nn::Conv2DTranspose(1, {3, 3}, {.strides = {2, 2}, .padding = nn::same, .output_padding = {0, 0}}),
          "transpose_output_padding");
    check(nn::Conv2DTranspose(1, {3, 2}, {.strides = {2, 3}, .output_padding = {1, 2}}),
          "transpose_valid_output_padding");
}

// Catches padding that counts as zeros in a mean.
TEST(KerasGolden, Pooling) {
    check(nn::AveragePooling2D({2, 2}), "average");
    check(nn::AveragePooling2D({3, 3}, {.strides = {2, 2}, .padding = nn::same}), "average_same");
    check(nn::AveragePooling2D({2, 3}, {.strides = {1, 1}}), "average_overlapping");
    check(nn::GlobalAveragePooling2D(), "global_average");
    check(nn::GlobalAveragePooling2D({.keepdims = true}), "global_average_kept");
    check(nn::GlobalMaxPooling2D(), "global_max");
    check(nn::GlobalMaxPooling2D({.keepdims = true}), "global_max_kept");
}

TEST(KerasGolden, Shaping) {
    check(nn::UpSampling2D({2, 3}), "up_sampling");
    check(nn::Reshape({3, -1}), "reshape");
    check(nn::Rescaling(0.125, -2), "rescaling");
    check(nn::ZeroPadding2D({1, 2}, {0, 3}), "zero_padding");
    check(nn::Cropping2D({1, 0}, {2, 1}), "cropping");
}

// Catches a mean over other axes, an unbiased variance, epsilon outside of the root, channels dealt out to groups in turn.
TEST(KerasGolden, NormalizationOfSamples) {
    check(nn::LayerNormalization(), "layer_normalization");
    check(nn::LayerNormalization({.epsilon = 0.25, .center = false}), "layer_normalization_dense");
    check(nn::LayerNormalization({.axis = {1}}), "layer_normalization_rows");
    check(nn::LayerNormalization({.axis = {1, 2}, .scale = false}), "layer_normalization_pixels");
    check(nn::LayerNormalization({.axis = {1, 3}}), "layer_normalization_rows_and_channels");
    check(nn::LayerNormalization({.axis = {-3, -2, -1}, .epsilon = 0.25}), "layer_normalization_samples");
    check(nn::GroupNormalization(2), "group_normalization");
    check(nn::GroupNormalization(-1, {.epsilon = 0.25}), "instance_normalization");
    check(nn::GroupNormalization(3, {.scale = false}), "group_normalization_dense");
}

// A layer of several inputs on the x0, x1, …, dy that stand under its name.
template <typename L>
void check_merge(L layer, const std::string& name) {
    for (const Setting& setting : settings) {
        const auto given = [&](const std::string& key) {
            return to_device(to_dtype(numbers().at(name + "/" + key), setting.dtype), setting.device);
        };
        Tensors inputs;
        std::vector<Shape> shapes;
        while (numbers().contains(fmt::format("{}/x{}", name, inputs.size()))) {
            inputs.push_back(autograd::variable(given(fmt::format("x{}", inputs.size()))));
            shapes.push_back(inputs.back().shape().drop_first());
        }
        const Shape output = layer.connect(shapes);
        const Tensor y = layer.apply(inputs, {});
        EXPECT_EQ(y.shape().drop_first(), output) << name;
        expect_equal(y, numbers().at(name + "/y"), setting, name);
        autograd::backward(y, given("dy"));
        for (std::size_t i = 0; i < inputs.size(); ++i)
            expect_equal(autograd::gradient(inputs[i]), numbers().at(fmt::format("{}/dx{}", name, i)), setting,
                         fmt::format("{}, gradient {}", name, i));
    }
}

// Catches inputs in another order, one that is left out, a repeated one whose gradient is not summed.
TEST(KerasGolden, Merging) {
    check_merge(nn::Add(), "add");
    check_merge(nn::Subtract(), "subtract");
    check_merge(nn::Multiply(), "multiply");
    check_merge(nn::Multiply(), "multiply_channels");
    check_merge(nn::Average(), "average_of_three");
    check_merge(nn::Maximum(), "maximum");
    check_merge(nn::Minimum(), "minimum");
    check_merge(nn::Concatenate(), "concatenate");
    check_merge(nn::Concatenate(1), "concatenate_rows");
}

// Catches a shift the other way, a border that is filled in another way, weights of the wrong neighbours. Keras computes these
// in float32, and TensorFlow's gradient of them is an approximation: cairn's own is checked in tests/nn.
TEST(KerasGolden, RandomTranslationByAGivenShift) {
    using nn::FillMode, nn::RandomTranslation;
    const auto check_output = [](const RandomTranslation& layer, const std::string& name) {
        const Tensor& x = numbers().at(name + "/x");
        nn::Sequential model{nn::Input(x.shape().drop_first()), layer};
        model.initialize({.dtype = DType::float64});
        EXPECT_LT(relative_error(model(x, {.training = true}), numbers().at(name + "/y")), 1e-6) << name;
    };
    check_output(RandomTranslation({0.25, 0.25}, {-0.5, -0.5}), "translation");
    check_output(RandomTranslation({-0.375, -0.375}, {0.25, 0.25}), "translation_by_parts");
    check_output(
        RandomTranslation({0.375, 0.375}, {-0.25, -0.25}, {.fill_mode = FillMode::constant, .fill_value = 0.5}),
        "translation_constant");
    check_output(RandomTranslation({0.25, 0.25}, {-0.375, -0.375}, {.fill_mode = FillMode::wrap}), "translation_wrap");
    check_output(RandomTranslation({-0.625, -0.625}, {0.25, 0.25}, {.fill_mode = FillMode::nearest}),
                 "translation_nearest");
    check_output(RandomTranslation({0.25, 0.25}, {-0.25, -0.25}, {.interpolation = nn::Interpolation::nearest}),
                 "translation_whole");
}

}  // namespace
}  // namespace cairn::test
