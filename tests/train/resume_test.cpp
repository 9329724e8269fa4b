// A training that stops and goes on is the training that never stopped, bit for bit.
#include "train/trainee.h"

namespace cairn::train {
namespace {

using test::TempFolder;

TEST(Resume, FromEveryStepIsAsIfItNeverStopped) {
    Trainee straight;
    straight.train();
    ASSERT_EQ(straight.state.history.epochs.size(), std::size_t{epochs});
    for (int steps = 1; steps <= epochs * steps_per_epoch; ++steps) {
        const TempFolder folder;
        Trainee stopped, resumed;
        stopped.train(steps);
        save_checkpoint(folder.path(), "tiny", stopped.model, stopped.adam, stopped.state);
        EXPECT_FALSE(
            load_checkpoint(folder.path(), "tiny", resumed.model, resumed.adam, resumed.state, no_warning).empty());
        resumed.train();
        expect_same(resumed, straight, fmt::format("after {} steps", steps));
    }
}

// Catches a state that is only right the first time: each of these resumes does a single step.
TEST(Resume, AsOftenAsThereAreSteps) {
    const TempFolder folder;
    Trainee straight, last;
    straight.train();
    last.train(1);
    save_checkpoint(folder.path(), "tiny", last.model, last.adam, last.state);
    for (int steps = 1; steps <= epochs * steps_per_epoch; ++steps) {
        Trainee next;
        load_checkpoint(folder.path(), "tiny", next.model, next.adam, next.state, no_warning);
        EXPECT_EQ(next.adam.steps(), steps);
        next.train(1);
        save_checkpoint(folder.path(), "tiny", next.model, next.adam, next.state);
        if (steps == epochs * steps_per_epoch) expect_same(next, straight, "at the end");
    }
}

History history_of(const std::vector<double>& val_losses) {
    History history;
    for (const double loss : val_losses)
        history.epochs.push_back(
            {.epoch = static_cast<int>(history.epochs.size()) + 1, .val_loss = loss, .val_accuracy = 1 - loss});
    return history;
}

// Off-by-one mistakes, and an equal loss that counts as progress. Keras's EarlyStopping ends at the same epochs.
TEST(EarlyStopping, EndsAfterSoManyEpochsWithoutProgress) {
    const std::vector<std::pair<std::vector<double>, bool>> cases{
        {{}, false},
        {{0.5}, false},
        {{0.5, 0.6}, false},
        {{0.5, 0.6, 0.6}, true},
        {{0.5, 0.5}, false},
        {{0.5, 0.5, 0.5}, true},
        {{0.5, 0.6, 0.4}, false},
        {{0.5, 0.4, 0.6}, false},
        {{0.9, 0.8, 0.7}, false},
        {{0.9, 0.5, 0.7, 0.6}, true},
    };
    for (const auto& [losses, ends] : cases) {
        EXPECT_EQ(EarlyStopping{2}(history_of(losses)), ends) << testing::PrintToString(losses);
        EXPECT_FALSE(EarlyStopping{0}(history_of(losses))) << "0 is never";
    }
}

TEST(EarlyStopping, EndsFit) {
    Trainee trainee;
    const data::Dataset data = noise_images();
    fit(trainee.model, trainee.adam, data, data,
        {.epochs = 9, .batch_size = 5, .enough = [](const History& h) { return h.epochs.size() == 2; }}, trainee.state);
    EXPECT_EQ(trainee.state.history.epochs.size(), 2u);
    EXPECT_FALSE(trainee.state.history.interrupted);
}

// The first of equal epochs is the best, as Keras's ModelCheckpoint keeps it.
TEST(BestWeights, AreThoseOfTheHighestAccuracy) {
    EXPECT_FALSE(is_best({}));
    EXPECT_TRUE(is_best(history_of({0.5})));
    EXPECT_TRUE(is_best(history_of({0.5, 0.4})));
    EXPECT_FALSE(is_best(history_of({0.5, 0.5})));
    EXPECT_FALSE(is_best(history_of({0.5, 0.3, 0.4})));

    const TempFolder folder;
    RunFolder run(folder.path());
    RunConfig config;
    config.save_best = true;
    Trainee trainee;
    const auto save = [&](const History& history) {
        save_progress(run, config, trainee.model, trainee.adam, {"a", "b"}, {.history = history}, no_warning);
    };
    save(history_of({0.5, 0.3}));
    const std::vector<std::uint8_t> best = read_file(folder / "best.safetensors");
    trainee.train(1);
    save(history_of({0.5, 0.3, 0.4}));
    EXPECT_EQ(read_file(folder / "best.safetensors"), best);
    save(history_of({0.5, 0.3, 0.4, 0.2}));
    EXPECT_NE(read_file(folder / "best.safetensors"), best);
}

}  // namespace
}  // namespace cairn::train
