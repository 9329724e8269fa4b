// A training that stops and goes on is the training that never stopped, bit for bit; whatever happens to its checkpoints.
#include "core/file.h"
#include "io/safetensors.h"
#include "support/error_message.h"
#include "support/temp_folder.h"
#include "train/callbacks.h"

#include <gtest/gtest.h>

#include <set>

#include <sys/resource.h>
#include <csignal>

namespace cairn::train {
namespace {

using test::TempFolder;

data::Dataset noise_images() {
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
constexpr std::int64_t steps_per_epoch = 5;
constexpr int epochs = 3;

struct Trainee {
    Trainee() { model.initialize({.seed = 3}); }

    // Until the end, or for `steps` steps.
    void train(int steps = 1'000'000, const std::vector<Callback*>& callbacks = {}) {
        const data::Dataset data = noise_images();
        fit(model, adam, data, data,
            {.epochs = epochs,
             .batch_size = 5,
             .seed = 3,
             .callbacks = callbacks,
             .stop = [&] { return --steps == 0; },
             .schedule = {optim::Schedule::Kind::cosine, 0.5},
             .augmentation = {.flip = true, .shift = 1}},
            state);
    }

    nn::Sequential model{nn::Input({4, 4, 3}),     nn::Flatten(),     nn::Dense(6), nn::BatchNormalization(),
                         nn::Activation(nn::relu), nn::Dropout(0.25), nn::Dense(2)};
    optim::Adam adam{{.learning_rate = 0.01}};
    FitState state;
};

void expect_same(const Trainee& a, const Trainee& b, const std::string& when) {
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

void no_warning(const std::string& line) { ADD_FAILURE() << line; }

TEST(Resume, FromEveryStepIsAsIfItNeverStopped) {
    Trainee straight;
    straight.train();
    ASSERT_EQ(straight.state.history.epochs.size(), std::size_t{epochs});
    for (int steps = 1; steps <= epochs * steps_per_epoch; ++steps) {
        const TempFolder folder;
        Trainee stopped, resumed;
        stopped.train(steps);
        save_checkpoint(folder.path(), stopped.model, stopped.adam, stopped.state);
        EXPECT_FALSE(load_checkpoint(folder.path(), resumed.model, resumed.adam, resumed.state, no_warning).empty());
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
    save_checkpoint(folder.path(), last.model, last.adam, last.state);
    for (int steps = 1; steps <= epochs * steps_per_epoch; ++steps) {
        Trainee next;
        load_checkpoint(folder.path(), next.model, next.adam, next.state, no_warning);
        EXPECT_EQ(next.adam.steps(), steps);
        next.train(1);
        save_checkpoint(folder.path(), next.model, next.adam, next.state);
        if (steps == epochs * steps_per_epoch) expect_same(next, straight, "at the end");
    }
}

TEST(Checkpoint, TheNewestTwoAreKept) {
    const TempFolder folder;
    Trainee trainee;
    for (int i = 1; i <= 4; ++i) {
        trainee.train(1);
        save_checkpoint(folder.path(), trainee.model, trainee.adam, trainee.state);
    }
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.insert(entry.path().filename());
    EXPECT_EQ(names, (std::set<std::string>{"step-000000003.safetensors", "step-000000004.safetensors"}));
}

// A folder with checkpoints after 1 and 2 steps.
struct TwoCheckpoints {
    TwoCheckpoints() {
        for (int i = 1; i <= 2; ++i) {
            trainee.train(1);
            save_checkpoint(folder.path(), trainee.model, trainee.adam, trainee.state);
        }
    }
    TempFolder folder;
    Trainee trainee;
    std::filesystem::path newest = folder / "step-000000002.safetensors";
};

// Whatever is damaged — cut off at any place, a bit changed in the header, in the weights, in the position — the one before
// is used and a line says so. A file that only looks whole is caught by its checksum.
TEST(Checkpoint, ADamagedOneFallsBackToTheOneBefore) {
    const TwoCheckpoints two;
    const std::vector<std::uint8_t> whole = read_file(two.newest);
    std::vector<std::vector<std::uint8_t>> damaged;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{7}, std::size_t{100}, whole.size() / 2, whole.size() - 1})
        damaged.emplace_back(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    for (std::size_t at = 0; at < whole.size(); at += whole.size() / 101) {
        damaged.push_back(whole);
        damaged.back()[at] ^= 4;
    }
    damaged.push_back(whole);
    damaged.back().back() ^= 1;  // the last bytes: of the seconds
    for (const std::vector<std::uint8_t>& bytes : damaged) {
        write_file(two.newest, bytes);
        Trainee resumed;
        std::vector<std::string> lines;
        const auto warn = [&](const std::string& line) { lines.push_back(line); };
        const std::filesystem::path used =
            load_checkpoint(two.folder.path(), resumed.model, resumed.adam, resumed.state, warn);
        EXPECT_EQ(used.filename(), "step-000000001.safetensors");
        EXPECT_EQ(resumed.adam.steps(), 1);
        ASSERT_EQ(lines.size(), 1u);
        EXPECT_NE(lines[0].find("step-000000002.safetensors"), std::string::npos) << lines[0];
        EXPECT_NE(lines[0].find("; the one before it is used"), std::string::npos) << lines[0];
    }
}

TEST(Checkpoint, OfAnotherModelOrOptimizerIsNotLoaded) {
    const TwoCheckpoints two;
    std::vector<std::string> lines;
    const auto warn = [&](const std::string& line) { lines.push_back(line); };
    nn::Sequential other{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    other.initialize({.seed = 1});
    const std::vector<float> before = other.values().to_vector<float>();
    FitState state;
    optim::Adam adam;
    EXPECT_EQ(load_checkpoint(two.folder.path(), other, adam, state, warn), "");
    EXPECT_EQ(other.values().to_vector<float>(), before);
    EXPECT_EQ(lines.size(), 2u);
    optim::Sgd sgd;
    Trainee trainee;
    EXPECT_EQ(load_checkpoint(two.folder.path(), trainee.model, sgd, state, warn), "");
    EXPECT_NE(lines.back().find("holds the state of adam, not of sgd; no earlier checkpoint is left"),
              std::string::npos)
        << lines.back();
    EXPECT_EQ(load_checkpoint(two.folder / "nothing", trainee.model, adam, state, no_warning), "");
}

// While it lives, this process cannot write files beyond `bytes`: writing fails, as on a disk that is full.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }

private:
    void (*signal_)(int);
    rlimit before_{};
};

// The checkpoints take some 6 KB, the histories less than 1 KB. Catches a full disk that ends the training, or takes the
// checkpoint that was there with it.
TEST(Checkpoint, AFullDiskLeavesTheOldOneAndTheTrainingGoesOn) {
    const TempFolder folder;
    const RunFolder run(folder.path());
    const RunConfig config;
    std::vector<std::string> lines;
    Trainee trainee;
    RunWriter writer(run, config, trainee.model, trainee.adam, {"a", "b"},
                     [&](const std::string& line) { lines.push_back(line); });
    trainee.train(steps_per_epoch, {&writer});
    ASSERT_EQ(lines.size(), 0u);
    {
        const FullDisk full(2000);
        trainee.train(1'000'000, {&writer});
    }
    EXPECT_EQ(trainee.state.history.epochs.size(), std::size_t{epochs});
    ASSERT_EQ(lines.size(), std::size_t{epochs});
    EXPECT_NE(lines[0].find("cannot write " + (run.checkpoints() / "step-").string()), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find("The training goes on"), std::string::npos) << lines[0];

    Trainee straight, resumed;
    straight.train();
    load_checkpoint(run.checkpoints(), resumed.model, resumed.adam, resumed.state, no_warning);
    EXPECT_EQ(resumed.adam.steps(), steps_per_epoch);
    resumed.train();
    expect_same(resumed, straight, "from the checkpoint before the disk was full");
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
    const RunFolder run(folder.path());
    RunConfig config;
    config.save_best = true;
    Trainee trainee;
    RunWriter writer(run, config, trainee.model, trainee.adam, {"a", "b"}, no_warning);
    writer.on_pause({.history = history_of({0.5, 0.3})});
    const std::vector<std::uint8_t> best = read_file(folder / "best.safetensors");
    trainee.train(1);
    writer.on_pause({.history = history_of({0.5, 0.3, 0.4})});
    EXPECT_EQ(read_file(folder / "best.safetensors"), best);
    writer.on_pause({.history = history_of({0.5, 0.3, 0.4, 0.2})});
    EXPECT_NE(read_file(folder / "best.safetensors"), best);
}

}  // namespace
}  // namespace cairn::train
