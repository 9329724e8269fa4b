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
        EXPECT_THAT(result.err, HasSubstr("another program is writing into one-epoch; wait until it has ended"));
    }
}

// Catches two programs of any kind in one folder: their files would be mixed.
TEST(RunGuard, EveryOutputFolderIsOfOneWriterAtATime) {
    const Words data{"--data", tiny_data(), "--limit", "20", "--epochs", "1", "--out", "held"};
    for (Words words : {Words{"chapter", "5"}, Words{"reproduce", "mlp-l2"}, Words{"data", "make-shapes10", "held"},
                        Words{"data", "import", tiny_data(), "held"}}) {
        cairn::make_folder(workplace() / "held");
        const cairn::FolderLock lock(workplace() / "held");
        if (words[0] != "data") words.insert(words.end(), data.begin(), data.end());
        const CommandResult result = run_cairn(words);
        EXPECT_EQ(result.status, 1) << words[0] << words[1];
        EXPECT_THAT(result.err, HasSubstr("another program is writing into held; wait until it has ended")) << words[1];
        EXPECT_TRUE(fs::is_empty(workplace() / "held")) << words[1];
    }
}

// A run that goes on to more epochs has its old report until there is a new one. Catches one that a break leaves without any, one
// that names the old report as written, and an old report beside new scores.
TEST(RunGuard, TheOldReportStaysUntilTheNewOneIsThere) {
    const fs::path run = workplace() / "longer", report = run / "report.html";
    ASSERT_EQ(run_mortal({"train", "tiny", "--data", tiny_data(), "--limit", "300", "--batch-size", "2", "--epochs",
                          "1", "--out", "longer"})
                  .status,
              0);
    const std::string old = contents(report);
    const Words more{"train", "--resume", "longer", "--epochs", "30"};
    const CommandResult broken = run_mortal(more, {.signal_at = "Epoch  2/", .signal = SIGINT});
    ASSERT_EQ(broken.status, 130) << broken.err;
    EXPECT_EQ(contents(report), old);
    EXPECT_THAT(broken.out, testing::Not(HasSubstr("report.html")));
    const CommandResult killed = run_mortal(more, {.signal_at = "Epoch  3/", .signal = SIGKILL});
    ASSERT_EQ(killed.signal, SIGKILL) << killed.err;
    EXPECT_EQ(contents(report), old);
    Words silent = more;
    silent.emplace_back("--no-report");
    ASSERT_EQ(run_mortal(silent).status, 0);
    EXPECT_FALSE(fs::exists(report)) << "of a shorter run";
}

// Sums are rounded as threads share them. Catches a run that silently goes on with another number of them.
TEST(RunGuard, AnotherNumberOfThreadsIsTold) {
    const auto resumed = [](int threads, const Words& options) {
        fs::remove_all(workplace() / "threads");
        fs::copy(run_of_one_epoch(), workplace() / "threads", fs::copy_options::recursive);
        nlohmann::json config = json_file(workplace() / "threads/config.json");
        config["threads"] = threads;
        cairn::write_file(workplace() / "threads/config.json", config.dump());
        Words words{"train", "--resume", "threads", "--epochs", "2", "--no-report"};
        words.insert(words.end(), options.begin(), options.end());
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 0) << result.err;
        return result.err;
    };
    const int threads = json_file(run_of_one_epoch() / "config.json")["threads"];
    EXPECT_EQ(resumed(threads, {}), "");
    const std::string told =
        fmt::format("the run was computed with --threads {} and goes on with --threads 3", threads);
    EXPECT_THAT(resumed(3, {}), HasSubstr(told));
    EXPECT_THAT(resumed(threads, {"--threads", "3"}), HasSubstr(told));
}

// A received config.json may name any path. Catches one that is read without a word, and one that is waited for.
TEST(RunGuard, ThePathsOfAConfigAreNamed) {
    fs::copy(run_of_one_epoch(), workplace() / "received", fs::copy_options::recursive);
    fs::remove_all(workplace() / "received/checkpoint");
    fs::remove(workplace() / "received/metrics.json");
    const std::string good = tiny_weights().string();
    ASSERT_EQ(::mkfifo((workplace() / "waits").c_str(), 0600), 0);
    const nlohmann::json usual = json_file(workplace() / "received/config.json");
    for (const auto& [name, path, said] :
         {std::tuple("weights", std::string("waits"), "cannot read waits: it is not a file"),
          std::tuple("weights", std::string("/dev/zero"), "cannot read /dev/zero: it is not a file"),
          std::tuple("data_folder", std::string("/proc/self"), "/proc/self: named by its config.json"),
          std::tuple("data_folder", std::string("/dev"), "/dev: named by its config.json"),
          std::tuple("weights", good, "")}) {
        nlohmann::json config = usual;
        config[name] = path;
        cairn::write_file(workplace() / "received/config.json", config.dump());
        const CommandResult result = run_mortal({"train", "--resume", "received", "--no-report"});
        EXPECT_EQ(result.status, path == good ? 0 : 1) << path << result.err;
        EXPECT_THAT(result.err, HasSubstr(said)) << path;
        EXPECT_EQ(result.out.find("weights " + good) != std::string::npos, path == good) << result.out;
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

// Catches a sheet that is drawn in a folder of somebody else's, or that leaves its own behind.
TEST(RunGuard, AFolderForTemporaryFilesIsNobodyElses) {
    const fs::path temporary = workplace() / "temporary";
    cairn::make_folder(temporary / "cairn-samples");
    cairn::write_file(temporary / "cairn-samples/mine", "mine");
    const CommandResult result = run_mortal({"data", "info", tiny_data(), "--png", "sheet.png"},
                                            {.environment = {{"TMPDIR", temporary.string()}}});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(contents(temporary / "cairn-samples/mine"), "mine");
    EXPECT_EQ(std::distance(fs::directory_iterator(temporary), fs::directory_iterator()), 1) << "something was left";
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
