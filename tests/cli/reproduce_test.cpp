// cairn reproduce: the notebooks' runs in one command, which can be given again.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
namespace fs = std::filesystem;
using testing::HasSubstr;

CommandResult reproduce(const Words& more) {
    Words words{"reproduce", "--data", tiny_data(), "--limit", "20", "--epochs", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cairn(words);
}

// Catches a run that is trained with another seed than it says, runs of one model that share their random numbers, and a
// second command that repeats what is done.
TEST(Reproduce, TrainsTheRunsAndComparesThem) {
    const Words runs{"p1-original", "p2-original", "--seed", "3", "--seeds", "2", "--out", "all"};
    const CommandResult first = reproduce(runs);
    ASSERT_EQ(first.status, 0) << first.err;
    const fs::path all = workplace() / "all";
    for (const char* folder :
         {"p1-original/seed3", "p1-original/seed4", "p2-original/seed1003", "p2-original/seed1004"}) {
        const nlohmann::json metrics = json_file(all / folder / "metrics.json");
        EXPECT_EQ(metrics["model"], "original-cnn") << folder;
        EXPECT_TRUE(metrics["train"].contains("accuracy")) << folder;
        EXPECT_EQ(json_file(all / folder / "config.json")["batch_size"], 64) << folder;
    }
    EXPECT_FALSE(contents(all / "p1-original/seed3/model.safetensors") ==
                 contents(all / "p2-original/seed1003/model.safetensors"));
    EXPECT_THAT(first.out, HasSubstr("[3/4] p2-original: original-cnn, 1 epoch with batches of 64, seed 1003\n"));
    EXPECT_THAT(first.out, testing::ContainsRegex("p2-original +2 +0\\.[0-9]{4} +0\\.[0-9]{4} +0\\.[0-9]{4}"));
    EXPECT_THAT(contents(all / "comparison.csv"), HasSubstr("\np2-original,original-cnn,"));
    EXPECT_THAT(contents(all / "report.html"), HasSubstr("p2-original"));

    const std::string weights = contents(all / "p1-original/seed3/model.safetensors");
    fs::remove(all / "report.html");
    fs::remove(all / "p1-original/seed4/metrics.json");  // as if it had been killed before its end
    const CommandResult again = reproduce(runs);
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr("seed 3 is complete\n"));
    EXPECT_THAT(again.out, HasSubstr("seed 4 goes on after epoch 1\n"));
    EXPECT_TRUE(fs::exists(all / "report.html"));
    EXPECT_TRUE(fs::exists(all / "p1-original/seed4/metrics.json"));
    EXPECT_TRUE(contents(all / "p1-original/seed3/model.safetensors") == weights);

    const CommandResult other = reproduce({"p1-original", "--seed", "3", "--limit", "30", "--out", "all"});
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.err, HasSubstr("holds another run: --limit 30 (it was begun with 20)"));
}

TEST(Reproduce, AnUnknownRunIsRefusedBeforeAnythingElse) {
    const CommandResult result = reproduce({"p1-orignal", "--out", "nothing"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("there is no run 'p1-orignal'; did you mean p1-original?; the runs are p1-"));
    EXPECT_FALSE(fs::exists(workplace() / "nothing"));
}

}  // namespace
