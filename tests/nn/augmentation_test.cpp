// The layers that show a model other images in every step: RandomFlip and RandomTranslation.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/model.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cairn::nn {
namespace {

using test::error_message;
using Values = std::vector<double>;

constexpr std::int64_t N = 400;
const Values image{1, 2, 3, 4, 5, 6}, left_right{3, 2, 1, 6, 5, 4}, top_bottom{4, 5, 6, 1, 2, 3},
    both{6, 5, 4, 3, 2, 1};

// N times the image (2, 3, 1).
Tensor images(DType dtype = DType::float64) {
    Values all;
    for (std::int64_t n = 0; n < N; ++n) all.insert(all.end(), image.begin(), image.end());
    return to_dtype(from_values({N, 2, 3, 1}, all, Device::cpu()), dtype);
}

Sequential initialized(Sequential model) {
    model.initialize({.dtype = DType::float64});
    return model;
}

// How many of the images are these.
std::int64_t count(const Values& all, const Values& wanted) {
    std::int64_t found = 0;
    for (std::size_t n = 0; n < N; ++n)
        found += std::equal(wanted.begin(), wanted.end(), all.begin() + static_cast<std::ptrdiff_t>(6 * n));
    return found;
}

// Half of the images are turned, with five standard deviations to spare; the others stay. In Keras both flips share a decision.
TEST(RandomFlipLayer, TurnsHalfOfTheImages) {
    for (const auto& [mode, turned] :
         {std::pair{FlipMode::horizontal, &left_right}, std::pair{FlipMode::vertical, &top_bottom},
          std::pair{FlipMode::horizontal_and_vertical, &both}}) {
        const Sequential model = initialized(Sequential{Input({2, 3, 1}), RandomFlip(mode)});
        const Values y = model(images(), {.training = true, .seed = 3}).to_vector<double>();
        EXPECT_NEAR(count(y, *turned), N / 2, 5 * std::sqrt(N / 4.0));
        EXPECT_EQ(count(y, *turned) + count(y, image), N);
    }
}

// Catches an augmentation in evaluation, and one that is the same at every step or in every layer.
TEST(RandomFlipLayer, DrawsAnewInTrainingOnly) {
    const Sequential model = initialized(Sequential{Input({2, 3, 1}), RandomFlip(FlipMode::horizontal)});
    const Sequential second =
        initialized(Sequential{Input({2, 3, 1}), Activation(linear), RandomFlip(FlipMode::horizontal)});
    const auto run = [&](const Model& m, const Call& call) { return m(images(), call).to_vector<double>(); };
    const Values y = run(model, {.training = true, .seed = 3});
    EXPECT_EQ(run(model, {.training = true, .seed = 3}), y);
    EXPECT_NE(run(model, {.training = true, .seed = 3, .step = 1}), y);
    EXPECT_NE(run(model, {.training = true, .seed = 4}), y);
    EXPECT_NE(run(second, {.training = true, .seed = 3}), y);
    EXPECT_EQ(count(run(model, {}), image), N);
    EXPECT_EQ(count(run(model, {.training = true, .dropout = false}), image), N);
}

// A flip is its own inverse, so its gradient is the flip of the cotangent by the same decisions.
TEST(RandomFlipLayer, TakesItsGradientBack) {
    const Sequential model = initialized(Sequential{Input({2, 3, 1}), RandomFlip()});
    const Tensor x = autograd::variable(images());
    const Call call{.training = true, .seed = 3};
    const Tensor y = model(x, call);
    autograd::backward(y, y.detach());
    EXPECT_EQ(autograd::gradient(x).to_vector<double>(), images().to_vector<double>());
}

// Shifts are drawn evenly between their factors, one per image: with nearest interpolation and a factor of a third in each
// direction a third of the images stays in its columns (|shift| < 0.5 of 3 columns, where shifts go from -1.5 to 1.5).
TEST(RandomTranslationLayer, ShiftsEvenlyBetweenItsFactors) {
    const Sequential model = initialized(Sequential{
        Input({2, 3, 1}),
        RandomTranslation(0, 0.5, {.fill_mode = FillMode::constant, .interpolation = Interpolation::nearest})});
    const Values y = model(images(), {.training = true, .seed = 3}).to_vector<double>();
    const double third = N / 3.0, deviation = std::sqrt(N * 2.0 / 9);
    EXPECT_NEAR(count(y, image), third, 5 * deviation);
    EXPECT_NEAR(count(y, {0, 1, 2, 0, 4, 5}), third, 5 * deviation);  // to the right
    EXPECT_NEAR(count(y, {2, 3, 0, 5, 6, 0}), third, 5 * deviation);
    EXPECT_EQ(count(y, image) + count(y, {0, 1, 2, 0, 4, 5}) + count(y, {2, 3, 0, 5, 6, 0}), N);
    EXPECT_EQ(count(model(images(), {}).to_vector<double>(), image), N);
}

// A shift is linear in x: <y(x), c> = <x, dx(c)> to rounding, but for the constant that it fills with.
TEST(RandomTranslationLayer, TakesItsGradientBack) {
    for (const FillMode mode : {FillMode::reflect, FillMode::constant, FillMode::wrap, FillMode::nearest})
        for (const Interpolation interpolation : {Interpolation::nearest, Interpolation::bilinear}) {
            const Sequential model = initialized(Sequential{
                Input({5, 4, 2}), RandomTranslation(0.6, 0.6, {.fill_mode = mode, .interpolation = interpolation})});
            const Tensor x = autograd::variable(test::random_tensor({6, 5, 4, 2}, Device::cpu(), 1));
            const Tensor c = test::random_tensor({6, 5, 4, 2}, Device::cpu(), 2);
            const Tensor y = model(x, {.training = true, .seed = 5});
            autograd::backward(y, c);
            EXPECT_NEAR(test::dot(y, c), test::dot(x, autograd::gradient(x)), 1e-12 * test::norm(x) * test::norm(c));
        }
}

TEST(AugmentationLayers, SayWhatDoesNotFit) {
    EXPECT_EQ(error_message([] {
                  RandomTranslation(0.1, {0.5, 1.5});
              }),
              "RandomTranslation: the factors (0.5, 1.5) must lie between -1 and 1, the smaller one first");
    EXPECT_EQ(error_message([] {
                  RandomTranslation({0.2, 0.1}, 0);
              }),
              "RandomTranslation: the factors (0.2, 0.1) must lie between -1 and 1, the smaller one first");
    EXPECT_EQ(error_message([] {
                  Sequential{Input({8}), RandomFlip()};
              }),
              "RandomFlip: needs images (height, width, channels), not (8,)");
}

}  // namespace
}  // namespace cairn::nn
