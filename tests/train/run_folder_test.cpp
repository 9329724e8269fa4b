// The folder of a run: one writer at a time, nothing outside of it, and another one when it is gone.
#include "support/error_message.h"
#include "train/trainee.h"

#include <filesystem>

namespace cairn::train {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

// Catches two trainings that mix their checkpoints in one folder, and a lock that outlives its owner.
TEST(RunFolder, IsOfOneWriterAtATime) {
    const TempFolder folder;
    {
        const RunFolder first(folder / "run");
        EXPECT_EQ(error_message([&] { RunFolder(folder / "run"); }),
                  fmt::format("another program is writing into {}; wait until it has ended, or choose another folder",
                              (folder / "run").string()));
        RunFolder copy = first;
        const RunFolder other(folder / "other");
    }
    RunFolder(folder / "run");
    EXPECT_TRUE(names_in(folder / "run").empty()) << "a lock leaves no file";
}

// A run that was received from others must not write over what its links name.
TEST(RunFolder, WritesNothingThroughLinks) {
    const TempFolder folder;
    RunConfig config;
    config.device = "cpu";
    RunFolder(folder / "run").write_config(config);
    write_file(folder / "mine", "mine");
    make_folder(folder / "elsewhere");
    fs::create_symlink(folder / "mine", folder / "run/history.csv");
    {
        const RunFolder run(folder / "run");
        run.write_history({});
    }
    EXPECT_EQ(read_file(folder / "mine").size(), 4u);
    for (const char* name : {"checkpoint", "figures"}) {
        fs::create_symlink(folder / "elsewhere", folder / "run" / name);
        EXPECT_NE(error_message([&] { RunFolder(folder / "run"); }).find(std::string(name) + " is a link"),
                  std::string::npos);
        fs::remove(folder / "run" / name);
    }
}

struct SavedTraining {
    RunFolder folder;
    RunConfig config{};
    std::vector<std::string> lines{};
    Trainee trainee{};

    explicit SavedTraining(const fs::path& path) : folder(path) {
        config.model = "tiny";
        config.device = "cpu";
        config.epochs = epochs;
        config.batch_size = 5;
        config.threads = 1;
    }
    // Trains to the end; calls `after` after each epoch that was saved.
    void train(const std::function<void(std::size_t)>& after) {
        trainee.train(1'000'000, [&](const FitState& state) {
            save_progress(folder, config, trainee.model, trainee.adam, {"a", "b"}, state,
                          [&](const std::string& line) { lines.push_back(line); });
            after(state.history.epochs.size());
        });
    }
};

// Catches a training whose epochs are all lost because its folder was removed, one that makes itself a folder without a
// config.json where it was, and a warning that does not say where the run is now.
TEST(RunFolder, ThatIsRemovedIsReplacedByAnother) {
    const TempFolder folder;
    SavedTraining run(folder / "run");
    run.train([&](std::size_t done) {
        if (done == 1) fs::remove_all(folder / "run");
    });
    EXPECT_FALSE(fs::exists(folder / "run"));
    EXPECT_EQ(run.folder.path(), folder / "run-rescued");
    ASSERT_EQ(run.lines.size(), 1u);
    EXPECT_EQ(run.lines[0],
              fmt::format("cannot write into {0}: the folder was removed, moved or unmounted. The run is now saved in "
                          "{0}-rescued.",
                          (folder / "run").string()));
    Trainee resumed;
    EXPECT_EQ(read_config(run.folder.path()).model.empty(), false);
    load_checkpoint(run.folder.checkpoints(), "tiny", resumed.model, resumed.adam, resumed.state, no_warning);
    expect_same(resumed, run.trainee, "of the folder that was written last");
}

// Where the old folder's parent is gone too. What stands under the name by now is somebody else's.
TEST(RunFolder, ThatIsReplacedBySomebodyElsesIsLeftToThem) {
    const TempFolder folder;
    SavedTraining run(folder / "runs/run");
    run.train([&](std::size_t done) {
        if (done == 1) fs::rename(folder / "runs", folder / "moved");
        if (done == 1) make_folder(folder / "runs/run");
    });
    EXPECT_TRUE(names_in(folder / "runs/run").empty());
    EXPECT_EQ(run.folder.path(), folder / "runs/run-rescued");
    EXPECT_TRUE(fs::exists(run.folder.checkpoints() / "step-000000015.safetensors"));
}

// The last write has no other that could follow: it goes elsewhere whatever the reason.
TEST(RunFolder, TheLastWriteGoesElsewhereWhateverFails) {
    const TempFolder folder;
    SavedTraining run(folder / "run");
    make_folder(folder / "run/model.safetensors");
    const auto write = [&] { write_file(run.folder.weights(), "weights"); };
    const auto warn = [&](const std::string& line) { run.lines.push_back(line); };
    EXPECT_NE(error_message([&] { run.folder.save(run.config, false, warn, write); }).find("Is a directory"),
              std::string::npos);
    run.folder.save(run.config, true, warn, write);
    ASSERT_EQ(run.lines.size(), 1u);
    EXPECT_NE(run.lines[0].find("Is a directory; "), std::string::npos) << run.lines[0];
    EXPECT_EQ(read_file(folder / "run-rescued/model.safetensors").size(), 7u);
    // Where nothing can be written anywhere, the run stays where it is, and no folder is left behind.
    const std::string message =
        error_message([&] { run.folder.save(run.config, true, warn, [] { fail("nowhere"); }); });
    EXPECT_EQ(message, "nowhere; and no other folder could be written either");
    EXPECT_EQ(run.folder.path(), folder / "run-rescued");
    EXPECT_FALSE(fs::exists(folder / "run-rescued-rescued"));
}

}  // namespace
}  // namespace cairn::train
