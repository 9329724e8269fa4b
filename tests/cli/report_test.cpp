// cairn report RUN, and where a run's own images are taken: they are found again, or it is said what is missing.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

// A run of mortal_cairn's tiny on the first 40 images of a copy of tiny_data(), in folders of these names.
void train_on_copy(const std::string& run, const std::string& data) {
    fs::copy(tiny_data(), workplace() / data);
    const CommandResult result =
        run_mortal({"train", "tiny", "--data", data, "--limit", "40", "--epochs", "2", "--no-report", "--out", run});
    ASSERT_EQ(result.status, 0) << result.err;
}

// Catches a report that lacks what training drew, and one that is made of other weights or images.
TEST(Report, IsTheOneThatTrainingWrote) {
    const fs::path run = workplace() / "reported";
    fs::copy(trained_run(), run, fs::copy_options::recursive);
    fs::remove(run / "report.html");
    fs::remove_all(run / "figures");
    const CommandResult result = run_cairn({"report", "reported"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(result.out, HasSubstr("\nwrote reported: report.html, figures/\n"));
    EXPECT_TRUE(contents(run / "report.html") == contents(trained_run() / "report.html"));
    for (const auto& entry : fs::directory_iterator(trained_run() / "figures"))
        EXPECT_TRUE(contents(entry.path()) == contents(run / "figures" / entry.path().filename())) << entry.path();
    fs::remove(run / "model.safetensors");
    const CommandResult without = run_cairn({"report", "reported"});
    EXPECT_EQ(without.status, 0) << without.err;
    EXPECT_THAT(without.err, HasSubstr("the report has no figure of the mistakes: there is no file reported/model"));
}

// Catches a report that needs the images for all of its figures, others that are taken for them, and a folder that was named and
// is passed over.
TEST(Report, WithoutItsImagesDrawsTheRest) {
    ASSERT_NO_FATAL_FAILURE(train_on_copy("moved-run", "before"));
    fs::rename(workplace() / "before", workplace() / "after");
    const CommandResult result = run_mortal({"report", "moved-run"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("the report has no figure of the mistakes: the images of shapes10 that the run "
                                      "in moved-run was begun with cannot be read; name their folder: --data DIR\n"));
    const fs::path figures = workplace() / "moved-run/figures";
    EXPECT_TRUE(fs::exists(figures / "accuracy.csv"));
    EXPECT_TRUE(fs::exists(figures / "confusion.csv"));
    EXPECT_FALSE(fs::exists(figures / "mistakes.csv"));
    const CommandResult others = run_mortal({"report", "moved-run", "--data", other_data()});
    EXPECT_EQ(others.status, 1);
    EXPECT_THAT(others.err, HasSubstr("are not those that the run in moved-run was begun with"));
    const CommandResult named = run_mortal({"report", "moved-run", "--data", "after"});
    EXPECT_EQ(named.status, 0) << named.err;
    EXPECT_TRUE(fs::exists(figures / "mistakes.csv"));
    // Where every command looks, the same images lie: a run that came from another machine finds its own there.
    const CommandResult usual =
        run_mortal({"evaluate", "moved-run"}, {.environment = {{"CIFAR10_DIR", (workplace() / "after").string()}}});
    EXPECT_EQ(usual.status, 0);  // run_mortal sets CIFAR10_DIR only where nothing else is asked for
    EXPECT_THAT(usual.err, Not(HasSubstr("cannot be read")));
    const CommandResult gone = run_mortal({"evaluate", "moved-run"});
    EXPECT_EQ(gone.status, 1);
    EXPECT_THAT(gone.err, HasSubstr("cannot be read; name their folder: --data DIR"));
}

// Catches scores that nobody measured, and figures of weights that are older than the history.
TEST(Report, OfATrainingThatWasKilledHasItsCurves) {
    ASSERT_NO_FATAL_FAILURE(train_on_copy("killed-run", "killed-data"));
    const fs::path run = workplace() / "killed-run";
    fs::remove(run / "metrics.json");
    const CommandResult result = run_mortal({"report", "killed-run"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("the training of the run in killed-run has not come to its end"));
    EXPECT_THAT(result.err, HasSubstr("train --resume killed-run"));
    const std::string page = contents(run / "report.html");
    EXPECT_THAT(page, HasSubstr("<p>Trained for 2 epochs with seed 0 so far.</p>"));
    EXPECT_THAT(page, HasSubstr("The training was interrupted before its end."));
    EXPECT_THAT(page, HasSubstr("<h2>Learning curves</h2>"));
    for (const char* unknown : {"Test accuracy", "<h2>Results", "<h2>Class by class", "<h2>What it sees"})
        EXPECT_THAT(page, Not(HasSubstr(unknown)));
    fs::remove(run / "history.csv");
    const CommandResult nothing = run_mortal({"report", "killed-run"});
    EXPECT_EQ(nothing.status, 1);
    EXPECT_THAT(nothing.err, HasSubstr("the run in killed-run has no history.csv"));
    for (const char* folder : {"no-run-at-all", "killed-data"}) {
        const CommandResult none = run_mortal({"report", folder});
        EXPECT_EQ(none.status, 1);
        EXPECT_THAT(none.err, HasSubstr(" holds no run: there is no config.json")) << folder;
    }
    EXPECT_FALSE(fs::exists(workplace() / "no-run-at-all"));
}

// Catches a run that is judged on other images than its own, or on all where it had a --limit.
TEST(OwnData, EvaluateTakesTheImagesOfTheRun) {
    ASSERT_NO_FATAL_FAILURE(train_on_copy("own-run", "own-data"));
    const json expected = json_file(workplace() / "own-run/metrics.json")["test"];
    for (const Words& which : std::initializer_list<Words>{
             {"own-run"}, {"--weights", "own-run"}, {"tiny", "--weights", "own-run/model.safetensors"}}) {
        Words words{"evaluate", "--json"};
        words.insert(words.end(), which.begin(), which.end());
        const CommandResult result = run_mortal(words);
        ASSERT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(result.err, "") << testing::PrintToString(which);
        const json judged = json::parse(result.out);
        EXPECT_EQ(judged["images"], 40) << testing::PrintToString(which);
        EXPECT_EQ(judged["confusion"], expected["confusion"]) << testing::PrintToString(which);
    }
    EXPECT_EQ(json::parse(run_mortal({"evaluate", "own-run", "--limit", "10", "--json"}).out)["images"], 10);
    const CommandResult asked = run_mortal({"evaluate", "own-run", "--image-size", "8x8"});
    EXPECT_EQ(asked.status, 2);
    EXPECT_THAT(asked.err, HasSubstr("are for data that --data names"));
    EXPECT_EQ(run_mortal({"grads", "own-run", "--out", "own.safetensors"}).status, 0);
    EXPECT_THAT(run_mortal({"predict", "own-run", "--logits", "own-logits.safetensors"}).out,
                HasSubstr("logits (40, 10) of the test images"));
    EXPECT_EQ(run_mortal({"evaluate", "own-data"}).status, 1);
}

}  // namespace
