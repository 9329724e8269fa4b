// What the layers beyond those of the chapters say of inputs and options that do not fit: what came, and the way out.
#include "cairn/nn/functional.h"
#include "support/error_message.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace cairn::nn {
namespace {

using test::error_message;

TEST(LayerKinds, SayWhatDoesNotFit) {
    EXPECT_EQ(error_message([] {
                  Conv2D(6, {3, 3}, {.groups = 4});
              }),
              "Conv2D: 6 filters cannot be split into 4 groups");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8, 8, 3}), Conv2D(6, {3, 3}, {.groups = 2})};
              }),
              "Conv2D: the 3 channels of the input (8, 8, 3) cannot be split into 2 groups");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({5, 5, 3}), Conv2D(6, {3, 3}, {.dilation_rate = {3, 1}})};
              }),
              "Conv2D: the window (3, 3), dilated by (3, 1) to (7, 3), is larger than the image (5, 5); use padding "
              "'same', a smaller window or a larger image");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({5, 5, 3}), Conv2D(6, {3, 3}, {.dilation_rate = {0, 1}})};
              }),
              "Conv2D: the dilation rates (0, 1) must be at least 1");
    EXPECT_EQ(error_message([] {
                  DepthwiseConv2D({3, 3}, {.depth_multiplier = 0});
              }),
              "DepthwiseConv2D: the depth multiplier must be positive, not 0");
    EXPECT_EQ(error_message([] {
                  SeparableConv2D(0, {3, 3});
              }),
              "SeparableConv2D: the number of filters must be positive, not 0");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8}), Conv2DTranspose(4, {3, 3})};
              }),
              "Conv2DTranspose: needs images (height, width, channels), not (8,)");
    EXPECT_EQ(
        error_message([] {
            Sequential{Input({4, 4, 1}), Conv2DTranspose(4, {3, 3}, {.strides = {2, 2}, .output_padding = {2, 0}})};
        }),
        "Conv2DTranspose: the output padding (2, 0) must be less than the strides (2, 2), or -1 for the default");
    EXPECT_EQ(
        error_message([] {
            Sequential{Input({4, 4, 1}),
                       Conv2DTranspose(4, {2, 2}, {.strides = {2, 2}, .padding = same, .output_padding = {0, 0}})};
        }),
        "Conv2DTranspose: with output padding (0, 0) the output would be (6, 6), from which strides (2, 2) do not lead "
        "back to the image (4, 4); choose another output padding");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8}), AveragePooling2D({2, 2})};
              }),
              "AveragePooling2D: needs images (height, width, channels), not (8,)");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({4, 4, 3}), Reshape({5, -1})};
              }),
              "Reshape: the 48 numbers of (4, 4, 3) do not fit into (5, -1); let one size be -1, or choose sizes whose "
              "product is 48");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({4, 4, 3}), Reshape({-1, -1})};
              }),
              "Reshape: at most one size of (-1, -1) may be -1");
    EXPECT_EQ(error_message([] { UpSampling2D({0, 2}); }), "UpSampling2D: the size (0, 2) must be at least 1");
    EXPECT_EQ(
        error_message([] {
            Sequential{Input({4, 4, 20}), GroupNormalization()};
        }),
        "GroupNormalization: the 20 channels of (4, 4, 20) cannot be split into 32 groups; choose a divisor of 20, "
        "or -1 for each channel by itself");
    EXPECT_EQ(error_message([] { GroupNormalization(0); }),
              "GroupNormalization: the number of groups must be positive, or -1 for each channel by itself, not 0");
    for (const int axis : {0, 4, -4})
        EXPECT_EQ(error_message([axis] {
                      Sequential{Input({4, 5, 6}), LayerNormalization({.axis = {axis}})};
                  }),
                  fmt::format("LayerNormalization: samples (4, 5, 6) have no axis {}; -1 is the last, 1 the first (0 "
                              "would be the batch)",
                              axis));
    for (const std::vector<int>& axes : {std::vector<int>{}, {2, 1}, {1, -3}})
        EXPECT_EQ(error_message([axes] {
                      Sequential{Input({4, 5, 6}), LayerNormalization({.axis = axes})};
                  }),
                  fmt::format("LayerNormalization: the axes must be named once each and in their order, not as ({})",
                              fmt::join(axes, ", ")));
    EXPECT_EQ(error_message([] { SpatialDropout2D(1); }),
              "SpatialDropout2D: the rate must be at least 0 and below 1, not 1");
    EXPECT_EQ(error_message([] { GaussianNoise(-1); }),
              "GaussianNoise: the standard deviation must not be negative, but is -1");
    EXPECT_EQ(error_message([] {
                  Functional({4, 4, 3}, [](Value x) { return multiply(x, x | Flatten()); });
              }),
              "Multiply: inputs (4, 4, 3) and (48,) differ; a 1x1 Conv2D brings one to the other's channels");
    EXPECT_EQ(error_message([] {
                  Functional({4}, [](Value x) { return Functional::append(std::make_shared<Subtract>(), {x, x, x}); });
              }),
              "Subtract: needs two inputs, not 3");
    EXPECT_EQ(error_message([] {
                  Functional({4, 4, 3}, [](Value x) { return concatenate({x, x | Flatten()}); });
              }),
              "Concatenate: inputs (4, 4, 3) and (48,) may differ in the size of axis -1 alone");
    EXPECT_EQ(error_message([] { Functional({4}, [](Value x) {
                                     return concatenate({x, x}, 0);
                                 }); }),
              "Concatenate: samples (4,) have no axis 0; -1 is the last, 1 the first (0 would be the batch)");
    EXPECT_EQ(error_message([] { Functional({4}, [](Value x) { return concatenate({x}); }); }),
              "Concatenate: needs at least two inputs, not 1");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({4, 4, 3}), Cropping2D({2, 2}, {0, 0})};
              }),
              "Cropping2D: nothing is left of (4, 4, 3) without the borders ((2, 2), (0, 0))");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({4, 4, 3}), ZeroPadding2D({-1, 2}, {0, 0})};
              }),
              "ZeroPadding2D: the borders ((-1, 2), (0, 0)) must not be negative");
}

}  // namespace
}  // namespace cairn::nn
