// Every number of a checkpoint, and when the best weights are written.
#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "cairn/train/run_folder.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::train {
namespace {

using test::TempFolder;

void no_warning(const std::string& line) { ADD_FAILURE() << line; }

nn::Sequential small_model() { return nn::Sequential{nn::Input({3}), nn::Dense(2), nn::BatchNormalization()}; }

// All different from each other: catches two that change places, and one that is left out.
TEST(Checkpoint, HoldsEveryNumber) {
    const TempFolder folder;
    nn::Sequential saved = small_model(), loaded = small_model();
    saved.initialize({.seed = 1});
    loaded.initialize({.seed = 2});
    backend(Device::cpu()).fill(saved.state(), 0.75);
    optim::Adam adam, other;
    for (int step = 0; step < 3; ++step) adam.update(saved.values(), saved.values());
    const FitState state{.history = {{{1, 0.25, 0.5, 0.75, 0.125, 3.5, 7.25, 0.001}, {2, 1, 2, 3, 4, 5, 6, 7}}, false},
                         .epoch = {.batches = 11, .samples = 12, .loss = 13.5, .correct = 14},
                         .seconds = 15.25};
    save_checkpoint(folder.path(), "small", saved, adam, state);

    FitState found;
    load_checkpoint(folder.path(), "small", loaded, other, found, no_warning);
    EXPECT_EQ(loaded.values().to_vector<float>(), saved.values().to_vector<float>());
    EXPECT_EQ(loaded.state().to_vector<float>(), saved.state().to_vector<float>());
    EXPECT_EQ(other.steps(), 3);
    ASSERT_EQ(other.slots().size(), 2u);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(other.slots()[i].second.to_vector<float>(), adam.slots()[i].second.to_vector<float>());
    EXPECT_EQ(found.history.csv(), state.history.csv());
    EXPECT_EQ(found.epoch.batches, 11);
    EXPECT_EQ(found.epoch.samples, 12);
    EXPECT_EQ(found.epoch.loss, 13.5);
    EXPECT_EQ(found.epoch.correct, 14);
    EXPECT_EQ(found.seconds, 15.25);
}

// A training that is stopped in the middle of an epoch has weights that nobody has judged.
TEST(BestWeights, AreNotThoseOfAnUnfinishedEpoch) {
    const TempFolder folder;
    RunFolder run(folder.path());
    RunConfig config;
    config.save_best = true;
    nn::Sequential model = small_model();
    model.initialize({.seed = 1});
    optim::Adam adam;
    FitState state{.history = {{{.epoch = 1, .val_loss = 0.5, .val_accuracy = 0.5}}, false}};
    save_progress(run, config, model, adam, {"a", "b"}, state, no_warning);
    const std::vector<std::uint8_t> best = read_file(folder / "best.safetensors");
    adam.update(model.values(), model.values());
    state.epoch.batches = 3;
    save_progress(run, config, model, adam, {"a", "b"}, state, no_warning);
    EXPECT_EQ(read_file(folder / "best.safetensors"), best);
}

}  // namespace
}  // namespace cairn::train
