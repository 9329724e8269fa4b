// cairn train --resume: a run that was stopped or killed goes on and ends as if nothing had happened.
#include "cairn/core/random.h"
#include "cli/cli.h"

#include <chrono>
#include <sstream>

namespace {

using namespace cairn::test;
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

// 4 epochs of 5 steps; with everything that a run can depend on.
Words tiny_run(const std::string& out) {
    return {"train", "tiny",     "--data", tiny_data(), "--limit",    "36",          "--batch-size",
            "8",     "--epochs", "4",      "--augment", "--schedule", "cosine",      "--warmup-epochs",
            "0.5",   "--seed",   "9",      "--threads", "1",          "--save-best", "--no-report",
            "--out", out};
}

// history.csv without the columns of times, which no two runs share.
std::string history_without_times(const fs::path& run) {
    std::istringstream lines(contents(run / "history.csv"));
    std::string line, kept;
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        std::string cell;
        for (int column = 0; std::getline(cells, cell, ','); ++column)
            if (column != 5 && column != 6) kept += cell + ",";
        kept += "\n";
    }
    return kept;
}

void expect_same_run(const fs::path& run, const fs::path& straight, const std::string& when) {
    for (const char* file : {"model.safetensors", "best.safetensors"})
        EXPECT_TRUE(contents(run / file) == contents(straight / file)) << file << " differs " << when;
    EXPECT_EQ(history_without_times(run), history_without_times(straight)) << when;
    nlohmann::json metrics = json_file(run / "metrics.json"), expected = json_file(straight / "metrics.json");
    metrics.erase("seconds");
    expected.erase("seconds");
    EXPECT_EQ(metrics, expected) << when;
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(run)) {
        EXPECT_THAT(entry.path().filename().string(), testing::Not(HasSubstr(".part"))) << when;
        files += entry.is_regular_file();
    }
    // config, 2 histories, best, model, metrics and 2 checkpoints; 3 if it was killed before it removed the oldest.
    EXPECT_TRUE(files == 8 || files == 9) << files << " files " << when;
}

// The run that nothing happens to; how many write steps it takes and how long.
struct Straight {
    fs::path folder = workplace() / "straight";
    int write_steps = 0;
    std::chrono::microseconds time{};
};

const Straight& straight() {
    static const Straight run = [] {
        Straight made;
        const auto start = std::chrono::steady_clock::now();
        const CommandResult result = run_mortal(tiny_run("straight"), {.environment = {{"MORTAL_WRITE_STEP", "0"}}});
        made.time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
        EXPECT_EQ(result.status, 0) << result.err;
        const std::size_t at = result.out.find("write steps: ");
        if (at != std::string::npos) made.write_steps = std::stoi(result.out.substr(at + 13));
        return made;
    }();
    return run;
}

// Kills a run as told, lets it go on (or begin again, where it had not come to its config.json), and compares.
void kill_and_resume(const std::string& variable, long value) {
    const std::string when = variable + "=" + std::to_string(value);
    const CommandResult killed = run_mortal(tiny_run("killed"), {.environment = {{variable, std::to_string(value)}}});
    EXPECT_TRUE(killed.status == 128 + SIGKILL || killed.status == 0) << when << killed.err;
    const bool begun = fs::exists(workplace() / "killed" / "config.json");
    const CommandResult resumed =
        run_mortal(begun ? Words{"train", "--resume", "killed", "--no-report"} : tiny_run("killed"));
    EXPECT_EQ(resumed.status, 0) << when << resumed.err;
    EXPECT_EQ(resumed.err, "") << when;
    expect_same_run(workplace() / "killed", straight().folder, when);
    fs::remove_all(workplace() / "killed");
}

// Catches a file that is written in place, a checkpoint that is removed before the next one is safe, and a run that cannot go
// on because a file that is written last is missing.
TEST(Resume, ARunKilledAtEveryStepOfWritingGoesOn) {
    ASSERT_GE(straight().write_steps, 5 * (1 + 4 * 3 + 4));
    for (int step = 1; step <= straight().write_steps && !HasFailure(); ++step)
        kill_and_resume("MORTAL_WRITE_STEP", step);
}

TEST(Resume, ARunKilledAtAnyMomentGoesOn) {
    cairn::RandomStream random({1, cairn::stream_of(cairn::Purpose::test), 0});
    const auto time = static_cast<std::uint32_t>(straight().time.count());
    for (int i = 0; i < 50 && !HasFailure(); ++i) kill_and_resume("MORTAL_MICROSECONDS", 1 + random.below(time));
}

// Killed again and again, an epoch further each time (at most 20 write steps after 5 for config.json): it still comes to the
// same end.
TEST(Resume, ARunKilledManyTimesGoesOn) {
    CommandResult result = run_mortal(tiny_run("often"), {.environment = {{"MORTAL_WRITE_STEP", "31"}}});
    int kills = 0;
    for (; result.status == 128 + SIGKILL && kills < 100; ++kills)
        result =
            run_mortal({"train", "--resume", "often", "--no-report"}, {.environment = {{"MORTAL_WRITE_STEP", "31"}}});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_GE(kills, 3);
    expect_same_run(workplace() / "often", straight().folder, "after many kills");
}

// Ctrl-C comes in the middle of an epoch: the steps of the epoch that were done are not done again.
TEST(Resume, AnInterruptedRunGoesOnInTheMiddleOfAnEpoch) {
    const Words shape{"--data", tiny_data(), "--limit", "300", "--batch-size", "2", "--epochs", "30", "--seed", "9"};
    Words whole{"train", "tiny", "--out", "whole", "--threads", "1", "--no-report"},
        broken{"train", "tiny", "--out", "broken run", "--threads", "1"};
    whole.insert(whole.end(), shape.begin(), shape.end());
    broken.insert(broken.end(), shape.begin(), shape.end());
    ASSERT_EQ(run_mortal(whole).status, 0);
    const CommandResult interrupted = run_mortal(broken, {.signal_at = "Epoch  3/", .signal = SIGINT});
    ASSERT_EQ(interrupted.status, 130) << interrupted.err;
    EXPECT_THAT(interrupted.out, HasSubstr("\ngo on   ./cairn train --resume 'broken run'\n"));
    EXPECT_EQ(json_file(workplace() / "broken run" / "metrics.json")["interrupted"], true);
    const CommandResult resumed = run_mortal({"train", "--resume", "broken run", "--no-report"});
    ASSERT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_THAT(resumed.out, testing::ContainsRegex("goes on after [0-9]+ epochs and [1-9][0-9]* steps"));
    EXPECT_TRUE(contents(workplace() / "broken run" / "model.safetensors") ==
                contents(workplace() / "whole" / "model.safetensors"));
    EXPECT_EQ(history_without_times(workplace() / "broken run"), history_without_times(workplace() / "whole"));
    EXPECT_EQ(json_file(workplace() / "broken run" / "metrics.json")["interrupted"], false);
}

Words short_run(const std::string& out, const std::string& epochs, const Words& more = {}) {
    Words words{"train",    "tiny", "--data",      tiny_data(), "--limit", "16",
                "--epochs", epochs, "--no-report", "--out",     out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

// More epochs later are the same as all of them at once.
TEST(Resume, ACompleteRunSaysSoAndMayBeMadeLonger) {
    ASSERT_EQ(run_mortal(short_run("short", "2")).status, 0);
    const std::string before = contents(workplace() / "short" / "model.safetensors");
    const CommandResult complete = run_mortal({"train", "--resume", "short", "--no-report"});
    EXPECT_EQ(complete.status, 0);
    EXPECT_EQ(complete.out, "The run in short is complete: 2 epochs; more of them: --epochs N.\n");
    EXPECT_TRUE(contents(workplace() / "short" / "model.safetensors") == before);

    ASSERT_EQ(run_mortal(short_run("long", "3")).status, 0);
    const CommandResult longer = run_mortal({"train", "--resume", "short", "--epochs", "3", "--no-report"});
    EXPECT_EQ(longer.status, 0) << longer.err;
    EXPECT_TRUE(contents(workplace() / "short" / "model.safetensors") ==
                contents(workplace() / "long" / "model.safetensors"));
    EXPECT_EQ(json_file(workplace() / "short" / "config.json")["epochs"], 3);
    EXPECT_THAT(run_mortal({"train", "--resume", "short", "--epochs", "2"}).err,
                HasSubstr("was begun with --epochs 3, which can only be raised, not to 2"));
}

// Every option that would make another run of it is refused by name; the same value again is not.
TEST(Resume, AnotherRunIsRefused) {
    ASSERT_EQ(run_mortal(short_run("begun", "2", {"--schedule", "cosine", "--seed", "5"})).status, 0);
    const Words conflicts[] = {{"--batch-size", "16"},
                               {"--learning-rate", "0.01"},
                               {"--schedule", "step"},
                               {"--warmup-epochs", "1"},
                               {"--augment"},
                               {"--early-stopping", "3"},
                               {"--save-best"},
                               {"--seed", "6"},
                               {"--device", "reference"},
                               {"--limit", "20"}};
    for (const Words& conflict : conflicts) {
        Words words{"train", "--resume", "begun"};
        words.insert(words.end(), conflict.begin(), conflict.end());
        const CommandResult result = run_mortal(words);
        EXPECT_EQ(result.status, 1) << conflict[0];
        EXPECT_THAT(result.err, StartsWith("cairn: the run in begun cannot go on with " + conflict[0])) << conflict[0];
    }
    EXPECT_THAT(run_mortal({"train", "simple-cnn", "--resume", "begun"}).err,
                HasSubstr("cannot go on with MODEL simple-cnn (it was begun with tiny)"));
    EXPECT_THAT(run_mortal({"--seed", "6", "train", "--resume", "begun"}).err, HasSubstr("--seed 6"));
    EXPECT_THAT(run_mortal({"train", "--resume", "begun", "--epochs", "4"}).err,
                HasSubstr("its schedule 'cosine' depends on that"));
    EXPECT_EQ(run_mortal({"train", "tiny", "--resume", "begun", "--out", "x"}).status, 2);
    EXPECT_EQ(run_mortal({"train", "tiny", "--resume", "begun", "--seed", "5", "--learning-rate", "1e-3", "--limit",
                          "16", "--device", "auto", "--epochs", "2", "--no-report"})
                  .status,
              0);
}

// Catches a check of the training images only, or of the test images only.
TEST(Resume, OtherImagesAreRefused) {
    ASSERT_EQ(run_mortal(short_run("data", "1")).status, 0);
    const cairn::data::Split begun = cairn::data::load_cifar10(tiny_data()),
                             other = cairn::data::make_shapes10(1, 300, 100);
    cairn::data::write_cifar10_layout({other.train, begun.test}, workplace() / "other-train");
    cairn::data::write_cifar10_layout({begun.train, other.test}, workplace() / "other-test");
    const Words words{"train", "--resume", "data", "--epochs", "2", "--no-report", "--data"};
    Words same = words;
    for (const char* folder : {"other-train", "other-test"}) {
        Words with_others = words;
        with_others.emplace_back(folder);
        const CommandResult refused = run_mortal(with_others);
        EXPECT_EQ(refused.status, 1) << folder;
        EXPECT_THAT(refused.err, HasSubstr("are not those that the run in data was begun with")) << folder;
    }

    fs::copy(tiny_data(), workplace() / "moved-data");
    same.push_back("moved-data");
    EXPECT_EQ(run_mortal(same).status, 0);
    EXPECT_EQ(json_file(workplace() / "data" / "config.json")["data_folder"], (workplace() / "moved-data").string());
}

TEST(Resume, AFolderWithoutARunIsNamed) {
    fs::create_directory(workplace() / "no-run");
    for (const char* folder : {"no-run", "no-such-folder"}) {
        const CommandResult result = run_mortal({"train", "--resume", folder});
        EXPECT_EQ(result.status, 1);
        EXPECT_EQ(result.err, "cairn: " + std::string(folder) +
                                  " holds no run: there is no config.json; name the output folder of a training run\n");
    }
    EXPECT_FALSE(fs::exists(workplace() / "no-such-folder"));
    cairn::write_file(workplace() / "no-run" / "config.json", "{\"model\": \"tiny\"}");
    EXPECT_THAT(run_mortal({"train", "--resume", "no-run"}).err,
                StartsWith("cairn: no-run/config.json does not describe a run of this version of cairn"));
}

// A new run in the folder of an old one must not go on from its checkpoints.
TEST(Resume, AReplacedRunLeavesNothingToGoOnFrom) {
    ASSERT_EQ(run_mortal(short_run("replaced", "3", {"--save-best"})).status, 0);
    const CommandOptions soon{.environment = {{"MORTAL_WRITE_STEP", "6"}}};  // right after config.json
    ASSERT_EQ(run_mortal(short_run("replaced", "2", {"--seed", "4"}), soon).status, 128 + SIGKILL);
    const CommandResult result = run_mortal({"train", "--resume", "replaced", "--no-report"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("goes on from the start"));
    ASSERT_EQ(run_mortal(short_run("afresh", "2", {"--seed", "4"})).status, 0);
    EXPECT_TRUE(contents(workplace() / "replaced" / "model.safetensors") ==
                contents(workplace() / "afresh" / "model.safetensors"));
    EXPECT_FALSE(fs::exists(workplace() / "replaced" / "best.safetensors"));
}

// The report is made from files that are there already: a run that was killed while it was drawn is complete but for that.
TEST(Resume, AReportThatIsMissingIsWritten) {
    Words words = short_run("unreported", "1");
    std::erase(words, "--no-report");
    ASSERT_EQ(run_mortal(words).status, 0);
    const fs::path page = workplace() / "unreported" / "report.html";
    const std::string straight = contents(page);
    ASSERT_NE(straight, "");
    for (const int step : {1, 8, 30}) {
        fs::remove(page);
        const CommandOptions soon{.environment = {{"MORTAL_WRITE_STEP", std::to_string(step)}}};
        ASSERT_EQ(run_mortal({"train", "--resume", "unreported"}, soon).status, 128 + SIGKILL) << step;
        EXPECT_FALSE(fs::exists(page)) << step;
    }
    const CommandResult resumed = run_mortal({"train", "--resume", "unreported"});
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_THAT(resumed.out, HasSubstr("was complete but for its report"));
    EXPECT_EQ(contents(page), straight);
    EXPECT_THAT(run_mortal({"train", "--resume", "unreported"}).out, HasSubstr("is complete: 1 epoch; more"));
}

// A person who needs the room deletes the checkpoints: training the run again from its start would cost hours and its scores.
TEST(Resume, ARunWithoutItsCheckpointsStaysComplete) {
    Words words = short_run("cleared", "2");
    std::erase(words, "--no-report");
    ASSERT_EQ(run_mortal(words).status, 0);
    const fs::path run = workplace() / "cleared";
    const std::string metrics = contents(run / "metrics.json"), page = contents(run / "report.html");
    fs::remove_all(run / "checkpoint");
    EXPECT_EQ(run_mortal({"train", "--resume", "cleared"}).out,
              "The run in cleared is complete: 2 epochs; its checkpoints are gone, so there can be no more of them.\n");
    const CommandResult longer = run_mortal({"train", "--resume", "cleared", "--epochs", "3"});
    EXPECT_EQ(longer.status, 1);
    EXPECT_EQ(longer.err,
              "cairn: the run in cleared is complete after 2 epochs, and its checkpoints are gone, so it cannot "
              "go on to 3; begin a new run with --epochs 3\n");
    fs::remove(run / "report.html");
    EXPECT_THAT(run_mortal({"train", "--resume", "cleared"}).out, HasSubstr("complete but for its report"));
    EXPECT_EQ(contents(run / "report.html"), page);  // its mistakes are those of the trained weights
    EXPECT_EQ(contents(run / "metrics.json"), metrics);
}

TEST(Resume, EarlyStoppingEndsARunThatThenIsComplete) {
    const CommandResult result =
        run_mortal(short_run("early", "500", {"--early-stopping", "2", "--learning-rate", "0.5"}));
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Ended early: val_loss has not fallen for 2 epochs."));
    EXPECT_THAT(run_mortal({"train", "--resume", "early", "--no-report"}).out, HasSubstr("is complete: "));
}

}  // namespace
