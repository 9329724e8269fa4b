// The learning-rate finder.
#include "cairn/train/find_rate.h"
#include "cairn/optim/optimizers.h"
#include "support/error_message.h"
#include "train/trainee.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace cairn::train {
namespace {

RateCurve curve_of(const std::vector<double>& losses) {
    RateCurve curve;
    for (std::size_t i = 0; i < losses.size(); ++i)
        if (!add_step(curve, std::pow(10.0, static_cast<double>(i)), losses[i])) break;
    return curve;
}

// Catches a mean that is biased towards 0 at the start, and weights that grow with age.
TEST(FindRate, SmoothsByWeightsThatShrinkWithAge) {
    const RateCurve curve = curve_of({2, 1, 4});
    ASSERT_EQ(curve.steps.size(), 3u);
    EXPECT_DOUBLE_EQ(curve.steps[0].smoothed, 2);
    EXPECT_DOUBLE_EQ(curve.steps[1].smoothed, (1 + 0.9 * 2) / 1.9);
    EXPECT_DOUBLE_EQ(curve.steps[2].smoothed, (4 + 0.9 * 1 + 0.81 * 2) / 2.71);
    EXPECT_EQ(curve.steps[2].loss, 4);
}

// Catches a suggestion at the lowest loss itself, or by the losses of single batches.
TEST(FindRate, SuggestsATenthOfTheRateWithTheLowestSmoothedLoss) {
    const RateCurve curve = curve_of({2, 1.5, 0.1, 3, 3, 3});
    EXPECT_EQ(curve.lowest().rate, 100);
    EXPECT_DOUBLE_EQ(curve.suggested(), 10);
    EXPECT_EQ(curve_of({1, 2, 2}).lowest().rate, 1) << "a loss that only rises";
}

// Catches a training that goes on with a ruined model, and a step that is not a number and becomes part of the curve.
TEST(FindRate, EndsWhereTheLossHasGrownFourfold) {
    const RateCurve grown = curve_of({1, 1, 1, 40, 1, 1});
    EXPECT_TRUE(grown.diverged);
    EXPECT_EQ(grown.steps.size(), 4u);
    for (const double strange : {std::numeric_limits<double>::infinity(), std::nan("")}) {
        const RateCurve curve = curve_of({1, 1, strange, 1});
        EXPECT_TRUE(curve.diverged);
        EXPECT_EQ(curve.steps.size(), 2u);
    }
    EXPECT_FALSE(curve_of({1, 2, 3, 3.9}).diverged);
}

// A rate that is far too high at the end. Catches rates that do not grow by one factor, a curve that does not see the jump,
// and a model that has moved.
TEST(FindRate, GivesTheModelBackAsItWas) {
    Trainee trainee;
    trainee.train(3);  // the moving statistics have moved
    const std::vector<float> values = trainee.model.values().to_vector<float>(),
                             state = trainee.model.state().to_vector<float>();
    const data::Dataset images = noise_images();
    optim::Sgd sgd;
    const RateCurve curve =
        find_rate(trainee.model, sgd, images, {.lowest = 1e-4, .highest = 1e6, .steps = 41, .batch_size = 5});
    ASSERT_GT(curve.steps.size(), 10u);
    EXPECT_TRUE(curve.diverged);
    EXPECT_DOUBLE_EQ(curve.steps[0].rate, 1e-4);
    EXPECT_NEAR(curve.steps[8].rate / 1e-2, 1, 1e-12);
    EXPECT_EQ(trainee.model.values().to_vector<float>(), values);
    EXPECT_EQ(trainee.model.state().to_vector<float>(), state);
}

// Catches steps that do not train, a seed without effect, and numbers that are not repeated.
TEST(FindRate, IsATrainingThatCanBeRepeated) {
    const data::Dataset images = noise_images();
    const auto losses = [&](std::uint64_t seed, int steps) {
        Trainee trainee;
        optim::Adam adam;
        std::vector<double> all;
        for (const RateStep& step :
             find_rate(trainee.model, adam, images,
                       {.lowest = 5e-3, .highest = 3e-2, .steps = steps, .batch_size = 5, .seed = seed})
                 .steps)
            all.push_back(step.loss);
        return all;
    };
    const std::vector<double> once = losses(1, 100);
    EXPECT_EQ(once, losses(1, 100));
    EXPECT_NE(once, losses(2, 100));
    ASSERT_EQ(once.size(), 100u);
    const double first = std::accumulate(once.begin(), once.begin() + 25, 0.0),
                 last = std::accumulate(once.end() - 25, once.end(), 0.0);
    EXPECT_LT(last, 0.8 * first) << "22 images are soon known by heart";
}

// Catches an interrupt that is not asked for.
TEST(FindRate, StopsWhenAsked) {
    Trainee trainee;
    optim::Adam adam;
    int asked = 0;
    const RateCurve curve = find_rate(trainee.model, adam, noise_images(),
                                      {.steps = 100, .batch_size = 5, .stop = [&] { return ++asked == 4; }});
    EXPECT_TRUE(curve.interrupted);
    EXPECT_EQ(curve.steps.size(), 4u);
}

// Catches options that would divide by 0 or never end.
TEST(FindRate, RefusesWhatIsNoSearch) {
    Trainee trainee;
    optim::Adam adam;
    const auto message = [&](const FindRateOptions& options) {
        return test::error_message([&] { find_rate(trainee.model, adam, noise_images(), options); });
    };
    EXPECT_EQ(message({.lowest = 0}), "the rates must be above 0 and rise, not from 0 to 1");
    EXPECT_EQ(message({.lowest = 1, .highest = 1}), "the rates must be above 0 and rise, not from 1 to 1");
    EXPECT_EQ(message({.steps = 1}), "a curve needs at least 2 steps, not 1");
    EXPECT_EQ(message({.batch_size = 0}), "the batch size must be at least 1, not 0");
}

}  // namespace
}  // namespace cairn::train
