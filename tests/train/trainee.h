// A small training that depends on everything that a checkpoint must carry.
#pragma once

#include "cairn/core/file.h"
#include "cairn/train/run_folder.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::train {

inline data::Dataset noise_images() {
    data::Dataset set;
    set.name = "noise";
    set.classes = {"a", "b"};
    set.image_shape = {4, 4, 3};
    RandomStream random({7, stream_of(Purpose::test), 0});
    for (int i = 0; i < 22; ++i) {
        set.labels.push_back(static_cast<std::int32_t>(random.below(2)));
        for (int p = 0; p < 48; ++p) set.images.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return set;
}

// Everything that a checkpoint must carry is in here: dropout's draws, batch norm's moving statistics, Adam's moments and
// step, the schedule, augmentation, and an epoch's mean over batches of different sizes (22 = 5 + 5 + 5 + 5 + 2).
inline constexpr std::int64_t steps_per_epoch = 5;
inline constexpr int epochs = 3;

struct Trainee {
    Trainee() { model.initialize({.seed = 3}); }

    // Until the end, or for `steps` steps.
    void train(int steps = 1'000'000, const std::function<void(const FitState&)>& save = {}) {
        const data::Dataset data = noise_images();
        fit(model, adam, data, data,
            {.epochs = epochs,
             .batch_size = 5,
             .seed = 3,
             .stop = [&] { return --steps == 0; },
             .save = save,
             .schedule = {optim::Schedule::Kind::cosine, 0.5},
             .augmentation = {.flip = true, .shift = 1}},
            state);
    }

    nn::Sequential model{nn::Input({4, 4, 3}),     nn::Flatten(),     nn::Dense(6), nn::BatchNormalization(),
                         nn::Activation(nn::relu), nn::Dropout(0.25), nn::Dense(2)};
    optim::Adam adam{{.learning_rate = 0.01}};
    FitState state;
};

inline void expect_same(const Trainee& a, const Trainee& b, const std::string& when) {
    EXPECT_EQ(a.model.values().to_vector<float>(), b.model.values().to_vector<float>()) << when;
    EXPECT_EQ(a.model.state().to_vector<float>(), b.model.state().to_vector<float>()) << when;
    EXPECT_EQ(a.adam.steps(), b.adam.steps()) << when;
    EXPECT_EQ(a.state.history.interrupted, b.state.history.interrupted) << when;
    ASSERT_EQ(a.state.history.epochs.size(), b.state.history.epochs.size()) << when;
    for (std::size_t i = 0; i < a.state.history.epochs.size(); ++i) {
        EpochRecord x = a.state.history.epochs[i], y = b.state.history.epochs[i];
        EXPECT_EQ(x.epoch, y.epoch) << when;
        EXPECT_EQ(x.loss, y.loss) << when;
        EXPECT_EQ(x.accuracy, y.accuracy) << when;
        EXPECT_EQ(x.val_loss, y.val_loss) << when;
        EXPECT_EQ(x.val_accuracy, y.val_accuracy) << when;
        EXPECT_EQ(x.learning_rate, y.learning_rate) << when;
    }
}

inline void no_warning(const std::string& line) { ADD_FAILURE() << line; }

}  // namespace cairn::train
