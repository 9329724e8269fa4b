#include "cairn/train/fit.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace cairn::train {
namespace {

// Two classes of 4x4 images that differ in brightness: learnable in a few steps.
data::Dataset bright_and_dark(std::int64_t size) {
    data::Dataset set;
    set.name = "bright-and-dark";
    set.classes = {"dark", "bright"};
    set.image_shape = {4, 4, 3};
    RandomStream random({7, stream_of(Purpose::test), 0});
    for (std::int64_t i = 0; i < size; ++i) {
        const std::int32_t label = static_cast<std::int32_t>(random.below(2));
        set.labels.push_back(label);
        for (int p = 0; p < 48; ++p) set.images.push_back(static_cast<std::uint8_t>(random.below(128) + 100 * label));
    }
    return set;
}

nn::Sequential small_model() {
    return nn::Sequential{
        nn::Input({4, 4, 3}), nn::Conv2D(4, {3, 3}, {.activation = nn::relu}), nn::Flatten(), nn::Dropout(0.2),
        nn::Dense(2),
    };
}

struct Outcome {
    History history;
    std::vector<float> weights;
};

Outcome train(std::uint64_t seed, FitOptions options) {
    nn::Sequential model = small_model();
    model.initialize({.seed = seed});
    optim::Adam adam({.learning_rate = 0.01});
    options.seed = seed;
    const data::Dataset data = bright_and_dark(50);
    Outcome outcome;
    outcome.history = fit(model, adam, data, data, options);
    outcome.weights = model.values().to_vector<float>();
    return outcome;
}

TEST(Fit, LearnsAnEasyTask) {
    const Outcome outcome = train(1, {.epochs = 20, .batch_size = 8});
    ASSERT_EQ(outcome.history.epochs.size(), 20u);
    EXPECT_GT(outcome.history.epochs.back().val_accuracy, 0.95);
    EXPECT_LT(outcome.history.epochs.back().loss, 0.5 * outcome.history.epochs.front().loss);
}

// The same seed is the same run, bit for bit; another seed is another run.
TEST(Fit, RepeatsItselfForTheSameSeed) {
    const FitOptions options{.epochs = 2, .batch_size = 8};
    const Outcome first = train(1, options), second = train(1, options), other = train(2, options);
    EXPECT_EQ(first.weights, second.weights);
    EXPECT_NE(first.weights, other.weights);
}

// A last batch that is dropped, or weighs as much as a full one in the epoch's mean, would show here.
TEST(Fit, TrainsOnTheSmallerLastBatchAndWeighsItByItsSize) {
    struct Count final : Callback {
        void on_step(const Progress& progress) override { steps = progress.steps; }
        std::int64_t steps = 0;
    } count;
    train(1, {.epochs = 1, .batch_size = 16, .callbacks = {&count}});
    EXPECT_EQ(count.steps, 4);  // 16 + 16 + 16 + 2

    // With a learning rate too small to change anything, the epoch's mean is that of one pass over the whole set.
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    model.initialize({.seed = 3});
    optim::Adam adam({.learning_rate = 1e-30});
    const data::Dataset data = bright_and_dark(50);
    const History history = fit(model, adam, data, data, {.epochs = 1, .batch_size = 16});
    EXPECT_NEAR(history.epochs[0].loss, history.epochs[0].val_loss, 1e-6);
    EXPECT_NEAR(history.epochs[0].accuracy, history.epochs[0].val_accuracy, 1e-12);
}

TEST(Fit, StopsAfterTheRunningStepWhenAsked) {
    int asked = 0;
    const Outcome outcome = train(1, {.epochs = 5, .batch_size = 8, .stop = [&] { return ++asked == 10; }});
    EXPECT_TRUE(outcome.history.interrupted);
    EXPECT_EQ(asked, 10);
    EXPECT_EQ(outcome.history.epochs.size(), 1u);  // 7 steps an epoch: the second was not finished
}

// A steady-state step obtains no tensor storage from the system.
TEST(Fit, AllocatesNothingOnceItRuns) {
    struct Watch final : Callback {
        void on_epoch(const EpochRecord&, int) override {
            allocations.push_back(backend(Device::cpu()).allocator().stats().system_allocations);
        }
        std::vector<std::uint64_t> allocations;
    } watch;
    train(1, {.epochs = 4, .batch_size = 8, .callbacks = {&watch}});
    ASSERT_EQ(watch.allocations.size(), 4u);
    EXPECT_EQ(watch.allocations[1], watch.allocations[3]);
}

TEST(Fit, SaysWhenTheLossIsNotFinite) {
    nn::Sequential model = small_model();
    model.initialize({.seed = 1});
    backend(Device::cpu()).fill(model.values(), std::nan(""));
    optim::Adam adam;
    const data::Dataset data = bright_and_dark(8);
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {.epochs = 1, .batch_size = 8}); }),
              "the loss is not finite any more in epoch 1, step 1: the first values that are not finite stand in "
              "conv2d/kernel; a smaller --learning-rate usually helps");
}

// Catches an update that is made with gradients that are not finite: it would destroy every parameter, and what the error
// then names would be the first layer, whatever was at fault. Huge weights in the middle overflow in dense_1; the pixels and
// everything before are finite.
TEST(Fit, NamesTheLayerWhereTheNumbersOverflow) {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(3), nn::Dense(3), nn::Dense(2)};
    model.initialize({.seed = 1});
    for (const std::size_t parameter : {0u, 2u})  // dense/kernel and dense_1/kernel: 1e20 * 1e20 is above float's range
        backend(Device::cpu()).fill(model.parameters()[parameter].parameter->value.detach(), 1e20);
    const std::vector<float> before = model.values().to_vector<float>();
    optim::Adam adam;
    const data::Dataset data = bright_and_dark(8);
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {.epochs = 1, .batch_size = 8}); }),
              "the loss is not finite any more in epoch 1, step 1: the first values that are not finite come out of "
              "dense_1; a smaller --learning-rate usually helps");
    EXPECT_EQ(model.values().to_vector<float>(), before);
}

// A finite loss with gradients that are not: the step must not be skipped in silence. The logits are zero, so the loss is
// log 2; the gradient of dense/kernel is a sum over 1e30 * 1e30.
TEST(Fit, NamesTheGradientThatOverflows) {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(1), nn::Dense(1), nn::Dense(2)};
    model.initialize({.seed = 1});
    backend(Device::cpu()).fill(model.values(), 0);
    const std::vector<nn::Model::NamedParameter> parameters = model.parameters();
    backend(Device::cpu()).fill(parameters[2].parameter->value.detach(), 1e30);  // dense_1/kernel
    const std::vector<double> kernel{1e30, -1e30};                               // dense_2/kernel
    parameters[4].parameter->value.detach().upload(std::vector<float>(kernel.begin(), kernel.end()).data());
    optim::Adam adam;
    data::Dataset data = bright_and_dark(8);
    std::fill(data.labels.begin(), data.labels.end(), 0);  // all pull in one direction
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {.epochs = 1, .batch_size = 8}); }),
              "the gradients are not finite any more in epoch 1, step 1: the first values that are not finite are the "
              "gradients of dense/bias; a smaller --learning-rate usually helps");
}

// Catches an epoch or a step that is always the first: here the weights are spoiled in the middle of the second epoch.
TEST(Fit, SaysInWhichStepTheNumbersOverflow) {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(1), nn::Dense(2)};
    model.initialize({.seed = 1});
    const data::Dataset data = bright_and_dark(6);
    struct Spoil final : Callback {
        explicit Spoil(nn::Model& spoiled) : model(spoiled) {}
        void on_step(const Progress& progress) override {
            if (progress.epoch == 2 && progress.step == 2) backend(model.values()).fill(model.values(), 1e30);
        }
        nn::Model& model;
    } spoil(model);
    optim::Adam adam;
    EXPECT_EQ(test::error_message(
                  [&] { fit(model, adam, data, data, {.epochs = 3, .batch_size = 2, .callbacks = {&spoil}}); }),
              "the loss is not finite any more in epoch 2, step 3: the first values that are not finite come out of "
              "dense_1; a smaller --learning-rate usually helps");
}

// Catches a search that runs another step than the one that failed: dropout doubles what it keeps, which only a training does,
// and twice 1.9e38 is above float's range. What comes behind is multiplied by zeros.
TEST(Fit, NamesTheDropoutThatOverflows) {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(16), nn::Dropout(0.5), nn::Dense(2)};
    model.initialize({.seed = 1});
    backend(Device::cpu()).fill(model.values(), 0);
    backend(Device::cpu()).fill(model.parameters()[0].parameter->value.detach(), 4e36);
    data::Dataset data = bright_and_dark(8);
    std::ranges::fill(data.images, std::uint8_t{255});  // 48 ones
    optim::Adam adam;
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {.epochs = 1, .batch_size = 8}); }),
              "the loss is not finite any more in epoch 1, step 1: the first values that are not finite come out of "
              "dropout; a smaller --learning-rate usually helps");
}

// Catches a search through fused layers, which would blame the convolution before the normalization.
TEST(Fit, NamesTheSecondOfTwoFusedLayers) {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Conv2D(2, {3, 3}), nn::BatchNormalization(), nn::Flatten(),
                         nn::Dense(2)};
    model.initialize({.seed = 1});
    ASSERT_EQ(model.parameters()[2].name, "batch_normalization/gamma");
    backend(Device::cpu()).fill(model.parameters()[2].parameter->value.detach(), 3e38);  // times a deviation above 1.2
    optim::Adam adam;
    const data::Dataset data = bright_and_dark(8);
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {.epochs = 1, .batch_size = 8}); }),
              "the loss is not finite any more in epoch 1, step 1: the first values that are not finite come out of "
              "batch_normalization; a smaller --learning-rate usually helps");
}

// Catches milliseconds that are seconds, a time without the training or without its evaluation, and times that grow from
// epoch to epoch.
TEST(Fit, MeasuresItsEpochs) {
    struct Slow final : Callback {
        void on_step(const Progress& progress) override {
            std::this_thread::sleep_for(std::chrono::milliseconds(4));
            last = progress.seconds;
        }
        double last = 0;
    } slow;
    const auto start = std::chrono::steady_clock::now();
    const History history = train(1, {.epochs = 2, .batch_size = 10, .callbacks = {&slow}}).history;
    const double all = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    double sum = 0;
    for (const EpochRecord& epoch : history.epochs) {
        sum += epoch.seconds;
        EXPECT_GE(epoch.ms_per_step, 4);
        EXPECT_GE(epoch.seconds, 5 * epoch.ms_per_step / 1e3);
        EXPECT_GE(epoch.seconds, 5 * 4e-3);
    }
    EXPECT_LE(sum, all);
    EXPECT_GE(slow.last, 4 * 4e-3) << "since the epoch began";
    EXPECT_LE(slow.last, history.epochs[1].seconds);
}

// The history shows the rate of the last step; the optimizer has its own again, for the next training.
TEST(Fit, FollowsTheSchedule) {
    const optim::Schedule schedule{optim::Schedule::Kind::step, 0};
    const Outcome outcome = train(1, {.epochs = 4, .batch_size = 8, .schedule = schedule});
    const double expected[] = {0.01, 0.01, 0.001, 0.0001};
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_DOUBLE_EQ(outcome.history.epochs[i].learning_rate, expected[i]) << "epoch " << i + 1;
    EXPECT_NE(outcome.weights, train(1, {.epochs = 4, .batch_size = 8}).weights);

    nn::Sequential model = small_model();
    model.initialize({.seed = 1});
    optim::Adam adam({.learning_rate = 0.01});
    const data::Dataset data = bright_and_dark(8);
    fit(model, adam, data, data, {.epochs = 4, .batch_size = 8, .schedule = schedule});
    EXPECT_EQ(adam.learning_rate(), 0.01);
}

// Catches augmentation that is not applied, or is applied to the validation images too.
TEST(Fit, AugmentsTheTrainingImagesOnly) {
    const FitOptions plain{.epochs = 2, .batch_size = 8},
        augmented{.epochs = 2, .batch_size = 8, .augmentation = {true, 1}};
    EXPECT_NE(train(1, plain).weights, train(1, augmented).weights);
    EXPECT_EQ(train(1, augmented).weights, train(1, augmented).weights);

    // A model that does not change, so that the losses are those of the images.
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    model.initialize({.seed = 3});
    optim::Adam adam({.learning_rate = 1e-30});
    const data::Dataset data = bright_and_dark(50);
    const History history =
        fit(model, adam, data, data, {.epochs = 2, .batch_size = 16, .augmentation = {.flip = true, .shift = 1}});
    EXPECT_GT(std::abs(history.epochs[0].loss - history.epochs[0].val_loss), 1e-6);
    EXPECT_EQ(history.epochs[0].val_loss, history.epochs[1].val_loss);
}

TEST(Fit, RefusesDataThatDoesNotFit) {
    nn::Sequential model{nn::Input({4, 4, 1}), nn::Flatten(), nn::Dense(2)};
    model.initialize({});
    optim::Adam adam;
    const data::Dataset data = bright_and_dark(8);
    EXPECT_EQ(test::error_message([&] { fit(model, adam, data, data, {}); }),
              "bright-and-dark holds images (4, 4, 3) but the model takes (4, 4, 1)");
    EXPECT_THROW(fit(model, adam, data, data, {.epochs = 0}), Error);
    EXPECT_THROW(fit(model, adam, data, data, {.batch_size = 0}), Error);
}

}  // namespace
}  // namespace cairn::train
