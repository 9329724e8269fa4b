// What layers say that they were made with, and the penalties that a model lets change.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/functional.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <map>

namespace cairn::nn {
namespace {

// Each setting as text, those that are usual in brackets: a default must not pass for a choice, nor the other way round.
std::string said(const Layer& layer) {
    std::string text;
    const Settings settings = layer.settings();
    for (const auto& [name, value, is_usual] : settings.all()) {
        const auto as_text = [&](const auto& v) {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, Settings::Sizes>) {
                std::string sizes;
                for (const std::int64_t size : v) sizes += (sizes.empty() ? "" : "x") + std::to_string(size);
                return sizes;
            } else {
                return fmt::format("{}", v);
            }
        };
        const std::string one = name + "=" + std::visit(as_text, value);
        text += (text.empty() ? "" : " ") + (is_usual ? "(" + one + ")" : one);
    }
    return text;
}

TEST(Settings, AreTheLayersOwn) {
    EXPECT_EQ(said(Conv2D(8, {3, 2})),
              "kernel_size=3x2 padding=valid (strides=1x1) (dilation_rate=1x1) (activation=linear) (use_bias=true) "
              "(groups=1)");
    EXPECT_EQ(said(Conv2D(8, {3, 3},
                          {.activation = relu,
                           .strides = {2, 1},
                           .padding = same,
                           .groups = 2,
                           .use_bias = false,
                           .kernel_regularizer = l2(0.5)})),
              "kernel_size=3x3 padding=same strides=2x1 (dilation_rate=1x1) activation=relu use_bias=false groups=2 "
              "kernel_l2=0.5");
    EXPECT_EQ(said(Dense(4, {.activation = gelu,
                             .kernel_regularizer = l1_l2(0.1, 0.2),
                             .bias_regularizer = l1(0.3),
                             .activity_regularizer = l2(0.4)})),
              "activation=gelu (use_bias=true) kernel_l1=0.1 kernel_l2=0.2 bias_l1=0.3 activity_l2=0.4");
    EXPECT_EQ(said(DepthwiseConv2D({3, 3}, {.depth_multiplier = 2})),
              "kernel_size=3x3 padding=valid (strides=1x1) (dilation_rate=1x1) (activation=linear) (use_bias=true) "
              "depth_multiplier=2");
    EXPECT_EQ(said(SeparableConv2D(4, {3, 3}, {.pointwise_regularizer = l2(0.1)})),
              "kernel_size=3x3 padding=valid (strides=1x1) (dilation_rate=1x1) (activation=linear) (use_bias=true) "
              "(depth_multiplier=1) pointwise_l2=0.1");
    EXPECT_EQ(said(Conv2DTranspose(4, {2, 2}, {.output_padding = {1, 0}})),
              "kernel_size=2x2 padding=valid (strides=1x1) (dilation_rate=1x1) (activation=linear) (use_bias=true) "
              "output_padding=1x0");
    EXPECT_EQ(said(MaxPooling2D({3, 2})), "pool_size=3x2 (strides=3x2) (padding=valid)");
    EXPECT_EQ(said(AveragePooling2D({3, 3}, {.strides = {2, 2}, .padding = same})),
              "pool_size=3x3 strides=2x2 padding=same");
    EXPECT_EQ(said(GlobalAveragePooling2D({.keepdims = true})), "keepdims=true");
    EXPECT_EQ(said(GlobalMaxPooling2D()), "(keepdims=false)");
    EXPECT_EQ(said(Dropout(0.25)), "rate=0.25");
    EXPECT_EQ(said(SpatialDropout2D(0.5)), "rate=0.5");
    EXPECT_EQ(said(GaussianNoise(2)), "stddev=2");
    EXPECT_EQ(said(Activation(relu)), "activation=relu");
    EXPECT_EQ(said(LeakyReLU(0.1)), "negative_slope=0.1");
    EXPECT_EQ(said(BatchNormalization({.momentum = 0.9})), "momentum=0.9 (epsilon=0.001)");
    EXPECT_EQ(said(LayerNormalization({.center = false})), "(epsilon=0.001) center=false (scale=true)");
    EXPECT_EQ(said(GroupNormalization(4)), "(epsilon=0.001) (center=true) (scale=true) groups=4");
    EXPECT_EQ(said(UpSampling2D({2, 3})), "size=2x3");
    EXPECT_EQ(said(ZeroPadding2D({1, 2}, {3, 4})), "rows=1x2 columns=3x4");
    EXPECT_EQ(said(Cropping2D(1)), "rows=1x1 columns=1x1");
    EXPECT_EQ(said(Concatenate(1)), "axis=1");
    EXPECT_EQ(said(Rescaling(0.5, -1)), "scale=0.5 offset=-1");
    EXPECT_EQ(said(RandomFlip(FlipMode::horizontal)), "mode=horizontal");
    EXPECT_EQ(said(RandomTranslation(0.1, 0.2)),
              "height_factor=-0.1 to 0.1 width_factor=-0.2 to 0.2 (fill_mode=reflect) (interpolation=bilinear) "
              "(fill_value=0)");
    EXPECT_EQ(said(Flatten()), "");
}

// A sweep over lambda changes the penalties that there are, and gives none to layers that have none.
TEST(SetL2, ChangesThePenaltiesOnKernels) {
    Sequential model{Input({2}), Dense(3, {.kernel_regularizer = l2(0.1), .bias_regularizer = l2(7)}),
                     Dense(2, {.kernel_regularizer = l2(0.1)}), Dense(1, {.kernel_regularizer = l1(0.5)})};
    const auto penalty = [&] {
        model.initialize({.seed = 1});
        return model.penalty().item();
    };
    const double of_l1 = [&] {
        Sequential only{Input({2}), Dense(3), Dense(2), Dense(1, {.kernel_regularizer = l1(0.5)})};
        only.initialize({.seed = 1});
        return only.penalty().item();
    }();
    const double before = penalty() - of_l1;
    model.set_l2(0.3);
    EXPECT_NEAR(penalty() - of_l1, 3 * before, 1e-5) << "biases begin at 0, so the kernel's penalty is all";
    model.set_l2(0);
    EXPECT_NEAR(penalty(), of_l1, 1e-6);

    Sequential without{Input({2}), Dense(3, {.bias_regularizer = l2(0.1)})};
    EXPECT_EQ(test::error_message([&] { without.set_l2(0.1); }),
              "the model has no L2 penalty on a kernel; give one of its layers a .kernel_regularizer = nn::l2(0.1)");
    EXPECT_EQ(test::error_message([&] { model.set_l2(-1); }),
              "the factor of an L2 penalty must not be negative, but is -1");
}

}  // namespace
}  // namespace cairn::nn
