#include "cairn/train/batch_statistics.h"
#include "cairn/train/evaluate.h"
#include "train/trainee.h"

#include <gtest/gtest.h>

namespace cairn::train {
namespace {

nn::Sequential normalized_model() {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::BatchNormalization({.momentum = 0.9}),
                         nn::Dropout(0.9), nn::Dense(2)};
    model.initialize({.seed = 1});
    return model;
}

// Catches a judgement by the moving statistics, or with dropout on: with the whole set as one batch, whose mean and variance are
// given to the moving ones, the two are the same.
TEST(BatchStatistics, AreThoseOfTheBatch) {
    nn::Sequential model = normalized_model();
    const data::Dataset data = noise_images();
    std::vector<float> mean(48), variance(48);
    const auto size = static_cast<float>(data.size());
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t i = 0; i < data.images.size(); ++i) {
            const float x = static_cast<float>(data.images[i]) / 255;
            if (pass == 0) mean[i % 48] += x / size;
            else variance[i % 48] += (x - mean[i % 48]) * (x - mean[i % 48]) / size;
        }
    const double by_batch = accuracy_by_batch_statistics(model, data);
    for (const auto& [name, parameter] : model.parameters()) {
        if (parameter->name == "moving_mean") parameter->value.upload(mean.data());
        if (parameter->name == "moving_variance") parameter->value.upload(variance.data());
    }
    EXPECT_DOUBLE_EQ(by_batch, evaluate(model, data).accuracy);
}

// Catches a diagnosis that changes the patient: the batches move the moving statistics, unless these are put back.
TEST(BatchStatistics, LeaveTheMovingOnesAsTheyWere) {
    nn::Sequential model = normalized_model();
    const std::vector<float> before = model.state().to_vector<float>();
    accuracy_by_batch_statistics(model, noise_images(), 7);
    EXPECT_EQ(model.state().to_vector<float>(), before);
}

// Catches a line about moving statistics for a model that has none, or does not move them any more.
TEST(BatchStatistics, KnowWhichModelsMoveTheirs) {
    nn::Sequential model = normalized_model();
    EXPECT_DOUBLE_EQ(moving_momentum(model), 0.9);
    model.freeze("batch_normalization");
    EXPECT_EQ(moving_momentum(model), 0);
    nn::Sequential plain{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    EXPECT_EQ(moving_momentum(plain), 0);
}

}  // namespace
}  // namespace cairn::train
