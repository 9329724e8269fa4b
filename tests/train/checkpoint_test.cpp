// Whatever happens to the checkpoints, a whole one is used and none is lost.
#include "cairn/io/safetensors.h"
#include "support/error_message.h"
#include "support/file_size_limit.h"
#include "train/trainee.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>

#include <sys/resource.h>
#include <unistd.h>

namespace cairn::train {
namespace {

using test::TempFolder;

TEST(Checkpoint, TheNewestTwoAreKept) {
    const TempFolder folder;
    Trainee trainee;
    for (int i = 1; i <= 4; ++i) {
        trainee.train(1);
        save_checkpoint(folder.path(), "tiny", trainee.model, trainee.adam, trainee.state);
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
            save_checkpoint(folder.path(), "tiny", trainee.model, trainee.adam, trainee.state);
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
            load_checkpoint(two.folder.path(), "tiny", resumed.model, resumed.adam, resumed.state, warn);
        EXPECT_EQ(used.filename(), "step-000000001.safetensors");
        EXPECT_EQ(resumed.adam.steps(), 1);
        ASSERT_EQ(lines.size(), 1u);
        EXPECT_NE(lines[0].find("step-000000002.safetensors"), std::string::npos) << lines[0];
        EXPECT_NE(lines[0].find("; the earlier step-000000001.safetensors is used"), std::string::npos) << lines[0];
    }
}

// Catches an exception of JSON, of a number that is too large or of a text that is not UTF-8 that leaves the loader and so hides
// the checkpoint that is whole. 670720 is a size, 6E0720 a number of another kind.
TEST(Checkpoint, NoByteOfTheHeaderStopsTheFallBack) {
    const TwoCheckpoints two;
    const std::vector<std::uint8_t> whole = read_file(two.newest);
    Trainee resumed;
    const std::size_t header = 8 + whole[0] + 256u * whole[1];
    for (std::size_t at = 0; at < header; ++at)
        for (const std::uint8_t byte : {std::uint8_t{'E'}, std::uint8_t{'9'}, std::uint8_t{'"'}, std::uint8_t{0xff}}) {
            if (whole[at] == byte || HasFailure()) continue;
            std::vector<std::uint8_t> changed = whole;
            changed[at] = byte;
            std::ofstream(two.newest, std::ios::binary)
                .write(reinterpret_cast<const char*>(changed.data()), static_cast<std::streamsize>(changed.size()));
            int lines = 0;
            load_checkpoint(two.folder.path(), "tiny", resumed.model, resumed.adam, resumed.state,
                            [&](const std::string&) { ++lines; });
            EXPECT_EQ(resumed.adam.steps(), 1) << "byte " << at << " is " << static_cast<int>(byte);
            EXPECT_EQ(lines, 1);
        }
}

// Numbers that no training can have reached, in a file whose checksum fits. Catches one that is cast before it is checked, and
// slots of another type than the parameters, whose bytes would be read as if they were of that.
TEST(Checkpoint, NumbersThatCountNothingAreRefused) {
    Trainee good;
    good.train(1);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto refused = [&](const FitState& state, const optim::Optimizer& adam, const std::string& said) {
        const TempFolder folder;
        save_checkpoint(folder.path(), "tiny", good.model, adam, state);
        Trainee other;
        FitState found;
        const std::string message = test::error_message(
            [&] { load_checkpoint(folder.path(), "tiny", other.model, other.adam, found, no_warning); });
        EXPECT_NE(message.find(said), std::string::npos) << message;
        EXPECT_EQ(other.adam.steps(), 0);
    };
    const auto with = [&](const auto& change) {
        FitState state = good.state;
        change(state);
        return state;
    };
    refused(with([](FitState& s) { s.epoch.batches = -5; }), good.adam, "its number of batches is -5");
    refused(with([](FitState& s) { s.epoch.samples = std::int64_t{1} << 60; }), good.adam,
            "its number of samples is 1.15");
    refused(with([&](FitState& s) { s.epoch.correct = nan; }), good.adam, "its right answers are nan");
    refused(with([](FitState& s) { s.seconds = -1; }), good.adam, "its seconds are -1");
    refused(with([](FitState& s) { s.history.epochs.push_back({.epoch = -5}); }), good.adam,
            "its number of epoch is -5");
    refused(with([](FitState& s) { s.history.epochs.push_back({.epoch = 7}); }), good.adam,
            "its epoch 7 stands where 1 belongs");
    optim::Adam of_doubles{{.learning_rate = 0.01}};
    std::vector<std::pair<std::string, Tensor>> slots = good.adam.slots();
    slots[1].second = to_dtype(slots[1].second, DType::float64);
    of_doubles.restore(1, slots);
    refused(good.state, of_doubles, "its optimizer/v is float64");
}

// Catches a run that goes on with settings that are not its own, and one that does not go on where they may differ.
TEST(Checkpoint, BelongsToARunOfTheSameSettings) {
    const TempFolder folder;
    Trainee trainee;
    trainee.train(1);
    RunConfig config;
    config.model = "tiny";
    config.seed = 9;
    config.epochs = 3;
    save_checkpoint(folder.path(), config, trainee.model, trainee.adam, trainee.state);
    const auto message = [&](const RunConfig& other) {
        Trainee resumed;
        return test::error_message(
            [&] { load_checkpoint(folder.path(), other, resumed.model, resumed.adam, resumed.state, no_warning); });
    };
    RunConfig longer = config;
    longer.epochs = 4;
    longer.threads = 7;
    longer.data_folder = "elsewhere";
    EXPECT_EQ(message(longer), "(nothing was thrown)");
    RunConfig changed = config;
    changed.seed = 10;
    changed.batch_size = 17;
    EXPECT_NE(message(changed).find("it was computed with \"batch_size\" the usual one, not 17, \"seed\" 9, not 10; "
                                    "config.json was changed: undo that, or begin a new run"),
              std::string::npos)
        << message(changed);
    longer.schedule.kind = config.schedule.kind = optim::Schedule::Kind::cosine;
    EXPECT_NE(deciding_settings(config), deciding_settings(longer)) << "a cosine depends on the number of epochs";
}

// What loading these checkpoints fails with; nothing may be changed by it.
std::string failure(const TwoCheckpoints& two, nn::Model& model, optim::Optimizer& optimizer,
                    const std::string& name = "tiny") {
    const std::vector<float> before = model.values().to_vector<float>();
    FitState state;
    const std::string message =
        test::error_message([&] { load_checkpoint(two.folder.path(), name, model, optimizer, state, no_warning); });
    EXPECT_EQ(model.values().to_vector<float>(), before);
    EXPECT_EQ(optimizer.steps(), 0);
    return message;
}

// Catches checkpoints that cannot be used taken for none, after which the training would begin again.
TEST(Checkpoint, OfAnotherModelOrOptimizerIsAnError) {
    const TwoCheckpoints two;
    nn::Sequential other{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    other.initialize({.seed = 1});
    optim::Adam adam;
    const std::string message = failure(two, other, adam);
    for (const char* part : {"step-000000002.safetensors cannot be used: it holds arenas",
                             "step-000000001.safetensors cannot", "it is of another model", "Nothing was changed"})
        EXPECT_NE(message.find(part), std::string::npos) << message;
    optim::Sgd sgd;
    Trainee trainee;
    EXPECT_NE(failure(two, trainee.model, adam, "tiny-2").find("it is of the model tiny, not of tiny-2\n"),
              std::string::npos)
        << "its arenas have the same shapes";
    EXPECT_NE(failure(two, trainee.model, sgd).find("holds the state of adam, not of sgd\n"), std::string::npos);
    FitState state;
    EXPECT_EQ(load_checkpoint(two.folder / "nothing", "tiny", trainee.model, adam, state, no_warning), "");
}

// A file that cannot be opened: a link to itself.
void make_unreadable(const std::filesystem::path& file) {
    std::filesystem::remove(file);
    std::filesystem::create_symlink(file, file);
}

// Catches a passing fault taken for damage, or for the absence of checkpoints.
TEST(Checkpoint, OneThatCannotBeReadIsNamedWithTheReason) {
    const TwoCheckpoints two;
    {
        const int next = ::dup(STDIN_FILENO);
        ::close(next);
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        const rlimit none_left{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none_left);
        Trainee trainee;
        const std::string message = failure(two, trainee.model, trainee.adam);
        ::setrlimit(RLIMIT_NOFILE, &before);
        EXPECT_EQ(message, fmt::format("cannot read the folder {}: Too many open files", two.folder.path().string()));
    }
    make_unreadable(two.newest);
    Trainee resumed;
    std::vector<std::string> lines;
    load_checkpoint(two.folder.path(), "tiny", resumed.model, resumed.adam, resumed.state,
                    [&](const std::string& line) { lines.push_back(line); });
    EXPECT_EQ(resumed.adam.steps(), 1);
    EXPECT_EQ(lines,
              std::vector<std::string>{fmt::format(
                  "cannot read {}: Too many levels of symbolic links; the earlier step-000000001.safetensors is used",
                  two.newest.string())});
    make_unreadable(two.folder / "step-000000001.safetensors");
    Trainee trainee;
    EXPECT_NE(failure(two, trainee.model, trainee.adam).find("step-000000001.safetensors: Too many levels"),
              std::string::npos);
}

// Catches the new checkpoint removed in favour of later ones that could not be used.
TEST(Checkpoint, LaterOnesDoNotCountAmongThoseKept) {
    const TempFolder folder;
    const std::vector<std::string> later{"step-000000008.safetensors", "step-000000009.safetensors"};
    for (const std::string& name : later) write_file(folder / name, "damaged");
    Trainee trainee;
    for (int i = 1; i <= 3; ++i) {
        trainee.train(1);
        save_checkpoint(folder.path(), "tiny", trainee.model, trainee.adam, trainee.state);
    }
    std::vector<std::string> names = names_in(folder.path());
    std::ranges::sort(names);
    EXPECT_EQ(names, (std::vector<std::string>{"step-000000002.safetensors", "step-000000003.safetensors", later[0],
                                               later[1]}));
}

// The checkpoints take some 6 KB, the histories less than 1 KB. Catches a full disk that ends the training, or takes the
// checkpoint that was there with it.
TEST(Checkpoint, AFullDiskLeavesTheOldOneAndTheTrainingGoesOn) {
    const TempFolder folder;
    RunFolder run(folder.path());
    RunConfig config;
    config.model = "tiny";
    std::vector<std::string> lines;
    Trainee trainee;
    const auto save = [&](const FitState& state) {
        save_progress(run, config, trainee.model, trainee.adam, {"a", "b"}, state,
                      [&](const std::string& line) { lines.push_back(line); });
    };
    trainee.train(steps_per_epoch, save);
    ASSERT_EQ(lines.size(), 0u);
    {
        const test::FileSizeLimit full(2000);
        trainee.train(1'000'000, save);
    }
    EXPECT_EQ(trainee.state.history.epochs.size(), std::size_t{epochs});
    ASSERT_EQ(lines.size(), std::size_t{epochs});
    EXPECT_NE(lines[0].find("cannot write " + (run.checkpoints() / "step-").string()), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find("The training goes on"), std::string::npos) << lines[0];

    Trainee straight, resumed;
    straight.train();
    load_checkpoint(run.checkpoints(), "tiny", resumed.model, resumed.adam, resumed.state, no_warning);
    EXPECT_EQ(resumed.adam.steps(), steps_per_epoch);
    resumed.train();
    expect_same(resumed, straight, "from the checkpoint before the disk was full");
}

}  // namespace
}  // namespace cairn::train
