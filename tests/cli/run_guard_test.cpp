// What a run is guarded from: a second writer, a config.json that was changed, inputs that are no files.
#include "cairn/core/folder_lock.h"
#include "cli/cli.h"

#include <sys/stat.h>

namespace {

using namespace cairn::test;
namespace fs = std::filesystem;
using testing::HasSubstr;

// A run of one epoch that may go on to two.
fs::path run_of_one_epoch() {
    static const fs::path folder = [] {
        const CommandResult result = run_mortal({"train", "tiny", "--data", tiny_data(), "--limit", "36", "--epochs",
                                                 "1", "--no-report", "--out", "one-epoch"});
        EXPECT_EQ(result.status, 0) << result.err;
        return workplace() / "one-epoch";
    }();
    return folder;
}

// Catches a run that goes on with other settings than it was begun with, and ends with weights that no run would have.
TEST(RunGuard, AChangedConfigDoesNotGoOn) {
    const std::tuple<const char*, nlohmann::json, const char*> changes[] = {
        {"seed", 1, "it was computed with \"seed\" the usual one, not 1; config.json was changed"},
        {"learning_rate", 0.5, "it was computed with \"learning_rate\" 0.001, not 0.5; config.json was changed"},
        {"batch_size", 16, "it was computed with \"batch_size\" 8, not 16; config.json was changed"},
        {"optimizer", "sgd", "it holds the state of adam, not of sgd"},
        {"batch_size", 16.9, "\"batch_size\": must be a whole number"},
        {"threads", 1e9, "\"threads\": must be a whole number"}};
    for (const auto& [name, value, said] : changes) {
        fs::remove_all(workplace() / "changed");
        fs::copy(run_of_one_epoch(), workplace() / "changed", fs::copy_options::recursive);
        nlohmann::json config = json_file(workplace() / "changed/config.json");
        config[name] = value;
        cairn::write_file(workplace() / "changed/config.json", config.dump());
        const CommandResult result = run_mortal({"train", "--resume", "changed", "--epochs", "2", "--no-report"});
        EXPECT_EQ(result.status, 1) << name;
        EXPECT_THAT(result.err, HasSubstr(said)) << name;
        EXPECT_TRUE(fs::exists(workplace() / "changed/metrics.json")) << name << ": something was removed";
    }
}

// Catches two trainings in one folder.
TEST(RunGuard, AFolderThatAnotherProgramWritesIsRefused) {
    run_of_one_epoch();
    const cairn::FolderLock lock(run_of_one_epoch());
    for (const Words& words : {Words{"train", "--resume", "one-epoch", "--epochs", "2"},
                               Words{"train", "tiny", "--data", tiny_data(), "--limit", "36", "--out", "one-epoch"}}) {
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 1) << words[1];
        EXPECT_THAT(result.err, HasSubstr("another program is writing a run into one-epoch; wait until it has ended"));
    }
}

// Catches a command that waits for ever for somebody to write into a pipe.
TEST(RunGuard, APipeIsNoInput) {
    ASSERT_EQ(::mkfifo((workplace() / "pipe").c_str(), 0600), 0);
    for (const Words& words :
         {Words{"predict", "tiny", "--weights", "pipe", "--data", tiny_data(), "--logits", "x.safetensors"},
          Words{"evaluate", "tiny", "--weights", "pipe", "--data", tiny_data()},
          Words{"train", "tiny", "--weights", "pipe", "--data", tiny_data(), "--limit", "36", "--out", "from-pipe"},
          Words{"predict", "--weights", tiny_weights().string(), "pipe"}}) {
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 1) << words[0];
        EXPECT_THAT(result.err, testing::ContainsRegex("cannot read (.*/)?pipe: it is not a file")) << words[0];
    }
}

// Catches an output that replaces a link, so that what it names stays old.
TEST(RunGuard, AnOutputIsWrittenThroughALink) {
    cairn::write_file(workplace() / "target", "old");
    fs::create_symlink("target", workplace() / "link.safetensors");
    for (const Words& words :
         {Words{"predict", "--weights", tiny_weights().string(), "--data", tiny_data(), "--logits", "link.safetensors"},
          Words{"grads", "--weights", tiny_weights().string(), "--data", tiny_data(), "--limit", "8", "--out",
                "link.safetensors"},
          Words{"data", "info", tiny_data(), "--png", "link.safetensors"}}) {
        const std::string before = contents(workplace() / "target");
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 0) << words[0] << result.err;
        EXPECT_TRUE(fs::is_symlink(workplace() / "link.safetensors")) << words[0];
        EXPECT_NE(contents(workplace() / "target"), before) << words[0];
    }
}

// Catches a line that names a file that was not written.
TEST(RunGuard, OnlyWhatWasWrittenIsNamed) {
    const CommandResult result = run_mortal({"train", "tiny", "--data", tiny_data(), "--limit", "300", "--batch-size",
                                             "2", "--epochs", "30", "--save-best", "--no-report", "--out", "no-best"},
                                            {.signal_at = "Epoch  1/", .signal = SIGINT});
    ASSERT_EQ(result.status, 130) << result.err;
    EXPECT_EQ(result.out.find("best.safetensors") != std::string::npos,
              fs::exists(workplace() / "no-best/best.safetensors"));
}

}  // namespace
