// cairn reproduce: the notebooks' runs in one command, which can be given again.
#include "cli/cli.h"
#include "support/html_tables.h"

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
    fs::remove_all(all / "p1-original/seed3/checkpoint");  // it is complete all the same
    fs::remove(all / "p1-original/seed4/metrics.json");    // as if it had been killed before its end
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

// Catches a check of the training images only, or of the test images only: runs of both would stand in one table.
TEST(Reproduce, OtherImagesAreRefused) {
    const Words words{"simple-cnn", "--out", "begun"};
    ASSERT_EQ(reproduce(words).status, 0);
    const cairn::data::Split begun = cairn::data::load_cifar10(tiny_data()),
                             other = cairn::data::make_shapes10(1, 300, 100);
    cairn::data::write_cifar10_layout({other.train, begun.test}, workplace() / "reproduce-train");
    cairn::data::write_cifar10_layout({begun.train, other.test}, workplace() / "reproduce-test");
    for (const char* folder : {"reproduce-train", "reproduce-test"}) {
        Words with_others = words;
        with_others.insert(with_others.end(), {"--data", folder});
        const CommandResult refused = reproduce(with_others);
        EXPECT_EQ(refused.status, 1) << folder;
        EXPECT_THAT(refused.err, HasSubstr("holds another run: other images of shapes10")) << folder;
    }
    EXPECT_EQ(reproduce(words).status, 0);
}

// What a run's files say of a score.
double test_score(const fs::path& run, const char* score) { return json_file(run / "metrics.json")["test"][score]; }

// Catches a run that is trained with other settings than the notebook's, and numbers of other runs or other seeds in the table
// that is printed, in the sheet and on the page.
TEST(Reproduce, ShowsEachRunsOwnNumbers) {
    const CommandResult result = run_cairn({"reproduce", "mlp-bn", "simple-cnn", "--data", tiny_data(), "--limit", "90",
                                            "--epochs", "2", "--seeds", "2", "--png", "--seed", "5"});
    ASSERT_EQ(result.status, 0) << result.err;
    const fs::path all = workplace() / "runs" / "reproduce-shapes10-epochs2-limit90";
    const std::string sheet = contents(all / "comparison.csv");
    const HtmlTable table =
        html_table(contents(all / "report.html"), "Mean over the seeds, and the lowest and highest test accuracy");
    EXPECT_EQ(table.rows.at(0), (Words{"run", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs"}));
    for (const char* run : {"mlp-bn", "simple-cnn"}) {
        double sum = 0, lowest = 1, highest = 0, last = 0;
        for (const char* seed : {"seed5", "seed6"}) {
            const double accuracy = test_score(all / run / seed, "accuracy");
            sum += accuracy;
            lowest = std::min(lowest, accuracy);
            highest = std::max(highest, accuracy);
            std::istringstream history(contents(all / run / seed / "history.csv"));
            std::string line;
            std::getline(history, line);
            int epochs = 0;
            for (; std::getline(history, line); ++epochs) {
                double loss = 0, mean = 0, val_loss = 0, val_accuracy = 0;
                ASSERT_EQ(std::sscanf(line.c_str(), "%*d,%lf,%lf,%lf,%lf", &loss, &mean, &val_loss, &val_accuracy), 4);
                last += val_accuracy / 4;  // of two epochs and two seeds
            }
            EXPECT_EQ(epochs, 2);
            EXPECT_THAT(sheet, HasSubstr(fmt::format("\n{0},{0},shapes10,{1},2,{2:.6g},{3:.6g},", run, seed + 4,
                                                     accuracy, test_score(all / run / seed, "loss"))));
        }
        EXPECT_LT(lowest, highest) << run << ": the seeds must differ to be told apart";
        Words row{"2"};
        for (const double value : {sum / 2, lowest, highest, last}) row.push_back(fmt::format("{:.4f}", value));
        EXPECT_EQ(table.row(run), row);
        row.insert(row.begin(), run);
        row.emplace_back("-");
        EXPECT_EQ(words_of(line_with(result.out, std::string(run) + " ")), row);
    }
    EXPECT_EQ(fs::exists(all / "figures" / "scores.png"), fs::exists(all / "figures" / "scores.svg"));

    // The same training on its own: with the notebook's batch size, which is the model's, and the seed.
    ASSERT_EQ(run_cairn({"train", "simple-cnn", "--data", tiny_data(), "--limit", "90", "--epochs", "2", "--batch-size",
                         "32", "--seed", "6", "--no-report", "--out", "alone"})
                  .status,
              0);
    EXPECT_TRUE(contents(workplace() / "alone" / "model.safetensors") ==
                contents(all / "simple-cnn" / "seed6" / "model.safetensors"));
    fs::remove_all(workplace() / "runs");
}

TEST(Reproduce, AnUnknownRunIsRefusedBeforeAnythingElse) {
    const CommandResult result = reproduce({"p1-orignal", "--out", "nothing"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("there is no run 'p1-orignal'; did you mean p1-original?; the runs are p1-"));
    EXPECT_FALSE(fs::exists(workplace() / "nothing"));
}

}  // namespace
