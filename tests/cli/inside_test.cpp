// cairn inspect and --l2: what is seen inside of a model, and a penalty that a run chooses.
#include "cairn/io/png.h"
#include "cli/cli.h"

namespace {

using namespace cairn::test;
namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Catches a figure that is missing, weights before training that are not the run's, and pictures in another order.
TEST(Inspect, DrawsARunFromTheInside) {
    ASSERT_EQ(train_tiny("seen", {"--seed", "5", "--no-report"}).status, 0);
    cairn::io::write_png(workplace() / "grey.png", {4, 4, std::vector<std::uint8_t>(48, 128)});
    const CommandResult result =
        run_cairn({"inspect", "--weights", "seen", "grey.png", "--data", tiny_data(), "--out", "inside"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, ContainsRegex("\ngrey.png: [a-z]+, [0-9.]+ % sure\n"));
    EXPECT_THAT(result.out, HasSubstr("wrote inside: report.html, figures/\n"));
    for (const char* name :
         {"class-maps", "feature-maps-1", "filters", "activations", "gradients", "gradient-norms", "weights"})
        EXPECT_TRUE(fs::exists(workplace() / "inside/figures" / (std::string(name) + ".csv"))) << name;
    const std::string page = contents(workplace() / "inside/report.html");
    EXPECT_THAT(page, HasSubstr("before training they were those of seed 5."));
    EXPECT_THAT(page, HasSubstr("those of 32 training images of "));
    EXPECT_THAT(contents(workplace() / "inside/figures/activations.csv"), HasSubstr("\n0,1,"));
}

// A model without weights is shown as it is initialized, a dense one has no places to map, and few pictures no statistics.
TEST(Inspect, TakesAModelWithoutWeightsAndPicturesWithoutData) {
    cairn::io::write_png(workplace() / "one.png", {4, 4, std::vector<std::uint8_t>(48, 200)});
    const CommandResult result = run_cairn({"inspect", "mlp-bn", "one.png", "--seed", "3", "--out", "untrained"});
    EXPECT_EQ(result.status, 0) << result.err;
    const std::string page = contents(workplace() / "untrained/report.html");
    EXPECT_THAT(page, HasSubstr("The weights are those that seed 3 gives: the model is not trained."));
    EXPECT_THAT(page, HasSubstr("those of 1 pictures, with the classes that they were taken for, in inference"));
    EXPECT_FALSE(fs::exists(workplace() / "untrained/figures/class-maps.csv"));
    EXPECT_TRUE(fs::exists(workplace() / "untrained/figures/filters.csv"))
        << "a dense layer over pictures has filters, too";
    EXPECT_THAT(contents(workplace() / "untrained/figures/weights.csv"), Not(HasSubstr("\n0,1,"))) << "one state";
}

TEST(Inspect, RefusesWhatItCannotShow) {
    EXPECT_EQ(run_cairn({"inspect"}).status, 2);
    EXPECT_THAT(run_cairn({"inspect", "simple-cnn", "absent.png"}).err, HasSubstr("absent.png"));
    EXPECT_THAT(run_cairn({"inspect", "simple-cnm"}).err, HasSubstr("simple-cnn"));
}

// Catches a penalty that the training, the test's loss or the weights' reader does not take from the run.
TEST(L2, IsTheRunsOwn) {
    const auto loss_with = [](const std::string& run, const std::string& l2) {
        const CommandResult result = run_cairn({"train", "mlp-l2", "--l2", l2, "--data", tiny_data(), "--limit", "64",
                                                "--epochs", "1", "--no-report", "--threads", "1", "--out", run});
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_THAT(result.out, HasSubstr(", L2 penalty " + l2 + ","));
        EXPECT_EQ(json_file(workplace() / run / "config.json")["l2"], std::stod(l2));
        const double trained = json_file(workplace() / run / "metrics.json")["test"]["loss"];
        const CommandResult judged =
            run_cairn({"evaluate", "--weights", run, "--data", tiny_data(), "--limit", "64", "--json"});
        EXPECT_NEAR(nlohmann::json::parse(judged.out)["loss"].get<double>(), trained, 1e-5);
        return trained;
    };
    EXPECT_GT(loss_with("strong", "0.01"), loss_with("none", "0") + 1);
    const CommandResult resumed = run_cairn({"train", "--resume", "strong", "--l2", "0.5", "--epochs", "2"});
    EXPECT_THAT(resumed.err, HasSubstr("--l2 0.5 (it was begun with 0.01)"));
    const CommandResult refused =
        run_cairn({"train", "simple-cnn", "--l2", "0.1", "--data", tiny_data(), "--out", "no-l2"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("the model has no L2 penalty on a kernel"));
    EXPECT_FALSE(fs::exists(workplace() / "no-l2"));
}

}  // namespace
