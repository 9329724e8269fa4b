// Training against Keras's fit: penalties, Adam's steps and the means over an epoch.
#include "cairn/autograd/graph.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/fit.h"
#include "cairn/train/gradients.h"
#include "cairn/train/loader.h"
#include "cairn/train/meter.h"
#include "golden/golden.h"
#include "support/compare.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::test {
namespace {

constexpr double exact = 1e-12;  // for shares such as accuracies

// 0, 1, … 9, 0, 1, …
std::vector<std::int32_t> round_robin(std::int32_t count) {
    std::vector<std::int32_t> labels;
    for (std::int32_t i = 0; i < count; ++i) labels.push_back(i % 10);
    return labels;
}

void expect_history(const train::History& history, const Golden& numbers, const Setting& setting) {
    const auto loss = numbers.at("loss").to_vector<double>(), accuracy = numbers.at("accuracy").to_vector<double>();
    const auto val_loss = numbers.at("val_loss").to_vector<double>();
    const auto val_accuracy = numbers.at("val_accuracy").to_vector<double>();
    ASSERT_EQ(history.epochs.size(), loss.size());
    for (std::size_t i = 0; i < loss.size(); ++i) {
        const train::EpochRecord& epoch = history.epochs[i];
        const std::string where = fmt::format("epoch {} on {}", i + 1, name_of(setting));
        EXPECT_NEAR(epoch.loss, loss[i], setting.tolerance * loss[i]) << where;
        EXPECT_NEAR(epoch.accuracy, accuracy[i], exact) << where;
        EXPECT_NEAR(epoch.val_loss, val_loss[i], setting.tolerance * val_loss[i]) << where;
        EXPECT_NEAR(epoch.val_accuracy, val_accuracy[i], exact) << where;
    }
}

// The penalty is about half of the loss. Catches one that is halved, divided by the batch's size, counted once per
// batch, left out of the gradient, or missing in validation or in evaluate.
TEST(KerasGolden, L2PenaltyInFitAndEvaluate) {
    const Golden numbers = golden("l2");
    const data::Dataset images = formula_images({2, 2, 3}, 310, round_robin(12));
    const data::Dataset validation = formula_images({2, 2, 3}, 311, round_robin(7));
    for (const Setting& setting : settings) {
        nn::Sequential model{nn::Input({2, 2, 3}), nn::Flatten(),
                             nn::Dense(8, {.activation = nn::relu, .kernel_regularizer = nn::l2(0.25)}), nn::Dense(10)};
        model.initialize({.device = setting.device, .dtype = setting.dtype});
        set_weights(model, 300);
        optim::Sgd sgd({.learning_rate = 0.1});
        expect_history(train::fit(model, sgd, images, validation, {.epochs = 3, .batch_size = 12}), numbers, setting);
        const train::Evaluation judged = train::evaluate(model, validation, 4);
        const std::vector<double> expected = numbers.at("evaluate").to_vector<double>();
        EXPECT_NEAR(judged.loss, expected[0], setting.tolerance * expected[0]) << name_of(setting);
        EXPECT_NEAR(judged.accuracy, expected[1], exact) << name_of(setting);
    }
}

// Five steps of simple-cnn with Adam: the losses before and after each step, and the weights at the end. Five steps
// move a weight by up to 5e-3. Catches an epsilon that is added after the bias correction (PyTorch's Adam) and a bias
// correction that counts from 0. Keras rounds beta2 to float32 even when it computes in float64, which changes
// 1 - beta2 by 1.3e-5 and the first step by half of that; the loss, which falls by a few percent in a step, by 2e-7.
TEST(KerasGolden, FiveStepsOfAdam) {
    const Golden numbers = golden("adam");
    const data::Dataset images = formula_images({32, 32, 3}, 410, round_robin(8));
    for (Setting setting : settings) {
        if (setting.device == Device::reference()) continue;  // its plain loops would take seconds
        setting.tolerance = std::max(setting.tolerance, 1e-6);
        nn::Sequential model{
            nn::Input({32, 32, 3}),
            nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
            nn::MaxPooling2D({2, 2}),
            nn::Conv2D(64, {3, 3}, {.activation = nn::relu}),
            nn::MaxPooling2D({2, 2}),
            nn::Flatten(),
            nn::Dense(64, {.activation = nn::relu}),
            nn::Dense(10),
        };
        model.initialize({.device = setting.device, .dtype = setting.dtype});
        set_weights(model, 400);
        optim::Adam adam;
        expect_history(train::fit(model, adam, images, images, {.epochs = 5, .batch_size = 8}), numbers, setting);

        int i = 0;
        for (const auto& [name, parameter] : model.parameters()) {
            const std::string where = name + " on " + name_of(setting);
            const std::vector<double> values = test::numbers(parameter->value);
            const std::vector<double> expected = numbers.at(fmt::format("weights/{}", i)).to_vector<double>();
            const std::size_t stride = std::max<std::size_t>(1, values.size() / 40);
            for (std::size_t k = 0; k < expected.size(); ++k)
                EXPECT_NEAR(values[k * stride], expected[k], setting.tolerance) << where << ", number " << k * stride;
            const double squares = numbers.at(fmt::format("squares/{}", i++)).item();
            EXPECT_NEAR(dot(parameter->value, parameter->value), squares, setting.tolerance * squares) << where;
        }
    }
}

// 50 images in batches of 32, in order, while the weights move. Catches a mean over batches instead of samples, and a
// last batch that is left out or filled up.
TEST(KerasGolden, MeansOverAnEpochWithASmallerLastBatch) {
    const Golden numbers = golden("epochs");
    const auto loss = numbers.at("loss").to_vector<double>(), accuracy = numbers.at("accuracy").to_vector<double>();
    std::vector<std::int32_t> labels;
    for (std::int32_t i = 0; i < 50; ++i) labels.push_back(i * i % 10);
    const data::Dataset images = formula_images({2, 2, 3}, 510, labels);
    for (const Setting& setting : settings) {
        nn::Sequential model{nn::Input({2, 2, 3}), nn::Flatten(), nn::Dense(10)};
        model.initialize({.device = setting.device, .dtype = setting.dtype});
        set_weights(model, 500);
        optim::Sgd sgd({.learning_rate = 0.5, .momentum = 0.875});
        train::Loader loader(model, images);
        const data::Batches batches(images, 32);
        for (std::size_t epoch = 0; epoch < loss.size(); ++epoch) {
            train::Meter meter;
            for (std::int64_t i = 0; i < batches.count(); ++i) {
                const train::Batch batch = loader.load(batches, i);
                const train::BatchLoss result = train::gradients(model, batch, {.training = true});
                sgd.update(model.values(), model.gradients());
                meter.add(result.loss, ops::count_correct(result.logits, batch.labels), batch.labels.size());
            }
            meter.update(true);
            EXPECT_NEAR(meter.loss(), loss[epoch], setting.tolerance * loss[epoch]) << name_of(setting);
            EXPECT_NEAR(meter.accuracy(), accuracy[epoch], exact) << name_of(setting);
        }
    }
}

}  // namespace
}  // namespace cairn::test
