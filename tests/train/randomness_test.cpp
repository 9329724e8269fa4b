// What is drawn at random in a training, and how often it is drawn anew. The models here do not change while they are
// trained, so a loss differs from another one by its images and masks alone.
#include "cairn/train/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

namespace cairn::train {
namespace {

constexpr int epochs = 3;
constexpr std::int64_t batch_size = 4, steps = 5;  // of an epoch

// Images of noise; all of them the same if asked for, so that their order does not matter.
data::Dataset noise_images(bool all_the_same) {
    data::Dataset set;
    set.name = "noise";
    set.classes = {"a", "b"};
    set.image_shape = {4, 4, 3};
    RandomStream random({7, stream_of(Purpose::test), 0});
    std::vector<std::uint8_t> image(48);
    for (std::int64_t i = 0; i < steps * batch_size; ++i) {
        if (i == 0 || !all_the_same)
            for (std::uint8_t& pixel : image) pixel = static_cast<std::uint8_t>(random.below(256));
        std::ranges::copy(image, std::back_inserter(set.images));
        set.labels.push_back(0);
    }
    return set;
}

// The mean loss of every step, over all epochs.
std::vector<double> losses_of_steps(const data::Dataset& images, double dropout, FitOptions options) {
    struct Losses final : Callback {
        void on_step(const Progress& progress) override {
            const double sum = progress.loss * static_cast<double>(progress.step);  // the batches are of one size
            all.push_back(sum - (progress.step == 1 ? 0 : before));
            before = sum;
        }
        double before = 0;
        std::vector<double> all;
    } losses;
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dropout(dropout), nn::Dense(2)};
    model.initialize({.dtype = DType::float64, .seed = 3});
    optim::Sgd sgd({.learning_rate = 1e-300});
    options.epochs = epochs;
    options.batch_size = batch_size;
    options.callbacks = {&losses};
    fit(model, sgd, images, images, options);
    return losses.all;
}

// How many of the losses are different, by more than the rounding of the means they were taken from.
std::size_t different(const std::vector<double>& losses) {
    std::set<std::int64_t> rounded;
    for (const double loss : losses) rounded.insert(std::llround(loss * 1e10));
    return rounded.size();
}

constexpr auto all_steps = static_cast<std::size_t>(epochs * steps);

TEST(Randomness, ThereIsNoneThatNobodyAskedFor) {
    const std::vector<double> losses = losses_of_steps(noise_images(true), 0, {.seed = 1});
    EXPECT_EQ(losses.size(), all_steps);
    EXPECT_EQ(different(losses), 1u);
}

// The same image in every batch: catches changes that repeat from step to step, from epoch to epoch or from seed to
// seed.
TEST(Randomness, AugmentationIsDrawnAnewAtEveryStep) {
    for (const data::Augmentation& how :
         {data::Augmentation{.shift = 2}, data::Augmentation{.flip = true, .shift = 1}}) {
        std::vector<double> losses = losses_of_steps(noise_images(true), 0, {.seed = 1, .augmentation = how});
        EXPECT_EQ(different(losses), all_steps);
        const std::vector<double> of_other_seed =
            losses_of_steps(noise_images(true), 0, {.seed = 2, .augmentation = how});
        losses.insert(losses.end(), of_other_seed.begin(), of_other_seed.end());
        EXPECT_EQ(different(losses), 2 * all_steps);
    }
}

// The same for masks.
TEST(Randomness, DropoutIsDrawnAnewAtEveryStep) {
    std::vector<double> losses = losses_of_steps(noise_images(true), 0.5, {.seed = 1});
    EXPECT_EQ(different(losses), all_steps);
    const std::vector<double> of_other_seed = losses_of_steps(noise_images(true), 0.5, {.seed = 2});
    losses.insert(losses.end(), of_other_seed.begin(), of_other_seed.end());
    EXPECT_EQ(different(losses), 2 * all_steps);
}

// Without dropout and augmentation only the order is random: catches one that is the same in every epoch, one that does
// not follow the seed, and images that come in the order of the file.
TEST(Randomness, EveryEpochHasAnOrderOfItsOwn) {
    const data::Dataset images = noise_images(false);
    std::vector<double> losses = losses_of_steps(images, 0, {.seed = 1});
    EXPECT_EQ(different(losses), all_steps);
    const std::vector<double> of_other_seed = losses_of_steps(images, 0, {.seed = 2});
    losses.insert(losses.end(), of_other_seed.begin(), of_other_seed.end());
    EXPECT_EQ(different(losses), 2 * all_steps);

    // Every epoch sees every image: the means over the epochs are equal.
    for (int epoch = 1; epoch < 2 * epochs; ++epoch) {
        const auto sum = [&](int of) {
            return std::accumulate(losses.begin() + of * steps, losses.begin() + (of + 1) * steps, 0.0);
        };
        EXPECT_NEAR(sum(epoch), sum(0), 1e-9);
    }
}

}  // namespace
}  // namespace cairn::train
