// Layers whose semantics Keras and other frameworks define differently, against Keras itself.
#include "golden/layer_step.h"

namespace cairn::test {
namespace {

// Catches padding that is put on the wrong side: with stride 2 and an even size 'same' pads behind the image only.
TEST(KerasGolden, Conv2DWithStridesAndSamePadding) {
    const Golden numbers = golden("conv2d");
    check_layer(nn::Conv2D(4, {3, 3}, {.strides = {2, 2}, .padding = nn::same}), numbers, "even/");
    check_layer(nn::Conv2D(3, {3, 3}, {.activation = nn::relu, .strides = {2, 2}, .padding = nn::same}), numbers,
                "odd/");
    check_layer(nn::Conv2D(3, {5, 2}, {.strides = {2, 2}, .padding = nn::same}), numbers, "wide/");
    check_layer(nn::Conv2D(2, {4, 4}, {.strides = {3, 3}, .padding = nn::same}), numbers, "three/");
}

// Catches a gradient that is split among equal maxima or goes to the last of them, a padding that takes part with zeros
// (whole windows are negative here), and rows that 'valid' must leave out.
TEST(KerasGolden, MaxPooling2DWithTiesAndOddSizes) {
    const Golden numbers = golden("max_pool2d");
    check_layer(nn::MaxPooling2D({2, 2}), numbers, "odd/");
    check_layer(nn::MaxPooling2D({3, 3}, {.strides = {2, 2}}), numbers, "overlapping/");
    check_layer(nn::MaxPooling2D({3, 3}, {.strides = {2, 2}, .padding = nn::same}), numbers, "same/");
}

// Catches an unbiased variance, the momentum on the wrong term, another epsilon, averages that start elsewhere, and an
// inference by the batch's statistics.
TEST(KerasGolden, BatchNormalizationInTrainingAndInference) {
    const Golden numbers = golden("batch_normalization");
    for (const std::string name : {"dense/", "conv/"})
        for (const Setting& setting : settings) {
            const Tensor& x = numbers.at(name + "inference/x");
            nn::Sequential model{nn::Input(x.shape().drop_first()), nn::BatchNormalization()};
            model.initialize({.device = setting.device, .dtype = setting.dtype});
            for (const char* step : {"0/", "1/", "2/"}) check_step(model, numbers, name + step, setting);
            for (const auto& [parameter_name, parameter] : model.parameters())
                if (!parameter->trainable)
                    expect_equal(parameter->value, numbers.at(name + parameter->name), setting, name + parameter->name);
            const Tensor y = model(to_device(to_dtype(x, setting.dtype), setting.device), {.training = false});
            expect_equal(y, numbers.at(name + "inference/y"), setting, name + "inference/y");
        }
}

}  // namespace
}  // namespace cairn::test
