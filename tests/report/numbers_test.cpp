// The numbers in the pages' tables, in the sheets beside them and in the figures' data, read cell by cell.
#include "cairn/report/report.h"
#include "report/numbered_run.h"
#include "support/html_tables.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::report {
namespace {

using namespace test;
using Row = std::vector<std::string>;
using Rows = std::vector<Row>;
using Runs = std::vector<std::pair<std::string, std::vector<NumberedRun>>>;

// No gnuplot: the numbers are what these tests are about, and drawing takes most of the time.
class Numbers : public testing::Test {
protected:
    Numbers() { ::setenv("PATH", folder_.path().c_str(), 1); }
    ~Numbers() override { ::setenv("PATH", old_path_.c_str(), 1); }

    // The page about one run.
    std::string page_of(const NumberedRun& run) {
        write_run_report(write_numbered_run(folder_ / "run", run));
        return read_text(folder_ / "run/report.html");
    }
    // The page about several, each with its seeds.
    std::string comparison_of(const Runs& runs) {
        std::vector<ReproducedRun> reproduced;
        for (const auto& [name, seeds] : runs) {
            reproduced.push_back({name, {}});
            for (std::size_t i = 0; i < seeds.size(); ++i)
                reproduced.back().seeds.push_back(
                    write_numbered_run(folder_ / fmt::format("{}-{}", name, i), seeds[i]));
        }
        write_comparison(folder_ / "all", reproduced);
        return read_text(folder_ / "all/report.html");
    }
    std::string csv(const std::string& path) { return read_text(folder_ / path); }

private:
    TempFolder folder_;
    std::string old_path_ = ::getenv("PATH");
};

bool has(const std::vector<std::string>& texts, const std::string& text) {
    return std::ranges::find(texts, text) != texts.end();
}

// Catches precision and recall swapped, a row summed where a column is meant, a class without images that divides by zero, and
// classes under each other's names.
TEST_F(Numbers, EveryClassHasItsScores) {
    const HtmlTable table = html_table(page_of({}), "Scores of each class on the test images");
    EXPECT_EQ(table.rows, (Rows{{"class", "precision", "recall", "F1", "images"},
                                {"a", "0.5000", "0.6250", "0.5556", "8"},
                                {"b", "0.7778", "0.5833", "0.6667", "12"},
                                {"c", "0.5455", "0.6000", "0.5714", "10"},
                                {"3", "0.0000", "0.0000", "0.0000", "0"}}));
}

// Catches a score in another's row, a difference with the wrong sign, and a notebook's number of another run. simple-cnn's
// numbers stand in datasets/notebook-runs.json.
TEST_F(Numbers, ARunStandsBesideTheNotebook) {
    const std::string page = page_of({});
    EXPECT_EQ(html_table(page, "Scores beside the notebooks'").rows,
              (Rows{{"", "this run", "notebook simple-cnn", "difference"},
                    {"test accuracy", "0.6100", "0.6909", "−0.0809"},
                    {"test loss", "1.1000", "0.9458", "+0.1542"},
                    {"precision (macro)", "0.6200", "0.6927", "−0.0727"},
                    {"recall (macro)", "0.6300", "0.6909", "−0.0609"},
                    {"F1 (macro)", "0.6400", "0.6878", "−0.0478"},
                    {"train accuracy", "0.7100", "–", "–"},
                    {"validation accuracy, mean of the last 5 epochs", "0.3600", "0.6867", "−0.3267"}}));
    const Row said = html_paragraphs(page);
    EXPECT_TRUE(has(said, "Test accuracy 0.6100 after 10 epochs with seed 7."));
    EXPECT_TRUE(has(said,
                    "Training and validation took 58 s on an abacus (cpu). The model has 4321 parameters and needs "
                    "2.5 million floating-point operations per image."));
}

// original-cnn was trained twice, in both parts; each has its own columns. Catches those of the other.
TEST_F(Numbers, ARunStandsBesideEachOfItsNotebooks) {
    const HtmlTable table = html_table(page_of({.model = "original-cnn", .epochs = 20, .config = {{"batch_size", 64}}}),
                                       "Scores beside the notebooks'");
    EXPECT_EQ(table.rows.at(0),
              (Row{"", "this run", "notebook p1-original", "difference", "notebook p2-original", "difference"}));
    EXPECT_EQ(table.row("test accuracy"), (Row{"0.6100", "0.7231", "−0.1131", "0.7320", "−0.1220"}));
    EXPECT_EQ(table.row("train accuracy"), (Row{"0.7100", "0.9459", "−0.2359", "0.9639", "−0.2539"}));
    EXPECT_EQ(table.row("test loss"), (Row{"1.1000", "–", "–", "–", "–"}));
}

// On other images there is nothing to compare with; a run of one epoch and an interrupted one say so.
TEST_F(Numbers, ARunOnOtherImagesStandsAlone) {
    const std::string page = page_of(
        {.dataset = "shapes10", .epochs = 1, .metrics = {{"interrupted", true}, {"train", nlohmann::json::object()}}});
    EXPECT_EQ(html_table(page, "Scores on the test images").rows,
              (Rows{{"", "this run"},
                    {"test accuracy", "0.6100"},
                    {"test loss", "1.1000"},
                    {"precision (macro)", "0.6200"},
                    {"recall (macro)", "0.6300"},
                    {"F1 (macro)", "0.6400"},
                    {"train accuracy", "0.7100"},
                    {"validation accuracy, mean of the last 5 epochs", "0.2200"}}));
    EXPECT_TRUE(has(html_paragraphs(page), "Test accuracy 0.6100 after 1 epoch with seed 7."));
    EXPECT_TRUE(has(html_paragraphs(page), "The training was interrupted before its end."));
    EXPECT_FALSE(has(html_paragraphs(page_of({})), "The training was interrupted before its end."));
}

TEST_F(Numbers, TimesAreToldInTheirUnits) {
    const std::pair<double, std::string> times[] = {
        {0.42, "0.42 s"},        {58.25, "58 s"},      {120, "2 min 00 s"},  {221.6, "3 min 42 s"},
        {3599.4, "59 min 59 s"}, {3600, "1 h 00 min"}, {11100, "3 h 05 min"}};
    for (const auto& [seconds, text] : times)
        EXPECT_NE(page_of({.metrics = {{"seconds", seconds}}}).find("took " + text + " on"), std::string::npos) << text;
}

// Catches a setting that is left out, shown under another's name, or cut.
TEST_F(Numbers, TheWholeConfigurationIsShown) {
    const HtmlTable table = html_table(page_of({}), "Configuration (config.json)");
    const Rows expected = {{"setting", "value"},
                           {"augmentation flip", "false"},
                           {"augmentation shift", "0"},
                           {"batch_size", "32"},
                           {"cairn revision", "0123456789ab"},
                           {"command", "./cairn a&b"},
                           {"dataset", "cifar-10"},
                           {"device", "cpu"},
                           {"epochs", "10"},
                           {"hardware", "an abacus"},
                           {"learning_rate", "0.001"},
                           {"model", "simple-cnn"},
                           {"optimizer", "adam"},
                           {"schedule", "constant"},
                           {"seed", "7"},
                           {"test_images", "10000"},
                           {"train_images", "50000"},
                           {"warmup_epochs", "0.0"}};
    EXPECT_EQ(table.rows, expected);
}

// Every setting in which a run can differ from the notebook's. Catches one that is not looked at: its run would be judged as
// if it repeated the notebook.
TEST_F(Numbers, EveryOtherSettingIsNamed) {
    const std::pair<NumberedRun, std::string> others[] = {
        {{.epochs = 9}, "epochs 9 instead of 10"},
        {{.config = {{"batch_size", 64}}}, "batch size 64 instead of 32"},
        {{.config = {{"train_images", 49999}}}, "training images 49999 instead of 50000"},
        {{.config = {{"test_images", 9999}}}, "test images 9999 instead of 10000"},
        {{.config = {{"optimizer", "sgd"}}}, "optimizer sgd instead of adam"},
        {{.config = {{"learning_rate", 0.002}}}, "learning rate 0.002 instead of 0.001"},
        {{.config = {{"schedule", "cosine"}}}, "learning-rate schedule cosine instead of constant"},
        {{.config = {{"augmentation", {{"flip", true}}}}}, "random flips instead of none"},
        {{.config = {{"augmentation", {{"shift", 4}}}}}, "random shifts of up to 4 pixels instead of none"},
        {{.metrics = {{"interrupted", true}}}, ""}};
    for (const auto& [run, said] : others) {
        EXPECT_TRUE(has(html_paragraphs(page_of(run)),
                        said.empty() ? "The training was interrupted before its end."
                                     : fmt::format("This run does not repeat the notebook's simple-cnn: {}.", said)))
            << said;
        const std::string page = comparison_of({{"simple-cnn", {NumberedRun{.shift = 0.4}, run}}});
        EXPECT_EQ(
            html_table(page, "Mean over the seeds, and the lowest and highest test accuracy").row("simple-cnn").at(0),
            "other settings")
            << said;
    }
}

// The mean of the last five epochs is 0.36 + shift here. The notebooks' are 0.68668 (simple-cnn, 0.015 allowed) and 0.49240
// (mlp-bn, 0.03 allowed). Catches a bound on the wrong side, one that holds above too, and the other kind of model's.
TEST_F(Numbers, ARunAgreesFromTheBoundUpwards) {
    const auto verdict = [&](const std::string& run, double last_five) {
        const std::string page = comparison_of({{run, {NumberedRun{.model = run, .shift = last_five - 0.36}}}});
        return html_table(page, "Mean over the seeds, and the lowest and highest test accuracy").row(run).at(0);
    };
    EXPECT_EQ(verdict("simple-cnn", 0.671), "below");
    EXPECT_EQ(verdict("simple-cnn", 0.672), "agrees");
    EXPECT_EQ(verdict("simple-cnn", 0.75), "agrees");
    EXPECT_EQ(verdict("simple-cnn", 0.95), "agrees");
    EXPECT_EQ(verdict("mlp-bn", 0.462), "below");
    EXPECT_EQ(verdict("mlp-bn", 0.463), "agrees");
}

// Three seeds of one run and one of another, in an order that is none of their numbers'.
Runs two_runs() {
    return {{"simple-cnn",
             {NumberedRun{.shift = 0.05, .config = {{"seed", 7}}, .metrics = {{"seconds", 50}}},
              NumberedRun{.shift = 0, .config = {{"seed", 8}}, .metrics = {{"seconds", 100}}},
              NumberedRun{.shift = 0.01, .config = {{"seed", 9}}, .metrics = {{"seconds", 60}}}}},
            {"p2-batchnorm",
             {NumberedRun{.model = "original-cnn-bn",
                          .shift = 0.3,
                          .epochs = 20,
                          .config = {{"seed", 5}, {"batch_size", 64}},
                          .metrics = {{"seconds", 300}, {"parameters", 77}, {"flops_per_image", 1e6}}}}}};
}

// Catches means over other seeds, min for max, a column of another score, and the first seed's number for the mean's.
TEST_F(Numbers, TheComparisonsTablesHoldTheMeans) {
    const std::string page = comparison_of(two_runs());
    EXPECT_EQ(html_table(page, "Mean over the seeds, and the lowest and highest test accuracy").rows,
              (Rows{{"run", "verdict", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs",
                     "notebook's test", "notebook's last 5", "difference", "allowed"},
                    {"simple-cnn", "below", "3", "0.6300", "0.6100", "0.6600", "0.3800", "0.6909", "0.6867", "−0.3067",
                     "−0.015"},
                    {"p2-batchnorm", "agrees", "1", "0.9100", "0.9100", "0.9100", "0.8600", "0.7419", "0.7323",
                     "+0.1277", "−0.030"}}));
    EXPECT_EQ(html_table(page, "On the test images, mean over the seeds; the notebook's in brackets").rows,
              (Rows{{"run", "accuracy", "precision", "recall", "F1", "loss"},
                    {"simple-cnn", "0.6300 (0.6909)", "0.6400 (0.6927)", "0.6500 (0.6909)", "0.6600 (0.6878)",
                     "1.1200 (0.9458)"},
                    {"p2-batchnorm", "0.9100 (0.7419)", "0.9200", "0.9300", "0.9400", "1.4000"}}));
    EXPECT_EQ(html_table(page, "After training, and what it took; the notebook's in brackets").rows,
              (Rows{{"run", "train accuracy", "training time", "parameters", "MFLOP per image"},
                    {"simple-cnn", "0.7300", "1 min 10 s", "4321", "2.50"},
                    {"p2-batchnorm", "1.0100 (0.9749)", "5 min 00 s (1 min 45 s)", "77", "1.00"}}));
    const HtmlTable settings = html_table(page, "Configuration of every run; all of it is in its config.json");
    EXPECT_EQ(settings.rows.at(0), (Row{"run", "seed", "epochs", "batch size", "learning rate", "training images",
                                        "data", "hardware", "cairn's revision", "command"}));
    EXPECT_EQ(settings.rows.size(), 5u);
    EXPECT_EQ(settings.rows.at(2), (Row{"simple-cnn", "8", "10", "32", "0.001", "50000", "cifar-10", "an abacus",
                                        "0123456789ab", "./cairn a&b"}));
    EXPECT_EQ(settings.row("p2-batchnorm"),
              (Row{"5", "20", "64", "0.001", "50000", "cifar-10", "an abacus", "0123456789ab", "./cairn a&b"}));
}

TEST_F(Numbers, TheComparisonsSheetHoldsEverySeed) {
    comparison_of(two_runs());
    EXPECT_EQ(csv("all/comparison.csv"),
              "run,model,dataset,seed,epochs,test_accuracy,test_loss,precision,recall,f1,train_accuracy,"
              "last_five_val_accuracy,seconds,notebook_test_accuracy,notebook_last_five_val_accuracy\n"
              "simple-cnn,simple-cnn,cifar-10,7,10,0.66,1.15,0.67,0.68,0.69,0.76,0.41,50,0.6909,0.68668\n"
              "simple-cnn,simple-cnn,cifar-10,8,10,0.61,1.1,0.62,0.63,0.64,0.71,0.36,100,0.6909,0.68668\n"
              "simple-cnn,simple-cnn,cifar-10,9,10,0.62,1.11,0.63,0.64,0.65,0.72,0.37,60,0.6909,0.68668\n"
              "p2-batchnorm,original-cnn-bn,cifar-10,5,20,0.91,1.4,0.92,0.93,0.94,1.01,0.86,300,0.7419,0.73234\n");
}

// Catches a curve of the other set of images, another epoch's value, and the training's matrix for the test's.
TEST_F(Numbers, TheFiguresOfARunHoldItsHistory) {
    page_of({.dataset = "shapes10", .epochs = 2});
    EXPECT_EQ(csv("run/figures/accuracy.csv"), "epoch,training,validation\n1,0.31,0.22\n2,0.32,0.24\n");
    EXPECT_EQ(csv("run/figures/loss.csv"), "epoch,training,validation\n1,1.9,1.83\n2,1.8,1.76\n");
    const std::string commands = csv("run/figures/confusion.gnuplot"), counts = csv("run/figures/confusion.csv");
    EXPECT_LT(commands.find("'Training images of shapes10'"), commands.find("'Test images of shapes10'"));
    EXPECT_NE(counts.find("\n0,0,1,3\n0,0,2,2\n"), std::string::npos) << "the training images come first";
    EXPECT_NE(counts.find("\n1,0,1,2\n1,0,2,1\n"), std::string::npos) << "then the test images";
}

// Means of two seeds, of which one got further; points of every seed. Catches the first seed's curve for the mean, a score
// under another's name, costs that are exchanged, and one model's matrix for another's.
TEST_F(Numbers, TheComparisonsFiguresHoldTheMeans) {
    comparison_of(
        {{"p1-original",
          {NumberedRun{.model = "original-cnn", .dataset = "shapes10", .epochs = 2},
           NumberedRun{.model = "original-cnn", .dataset = "shapes10", .shift = 0.1, .epochs = 1}}},
         {"p2-original", {NumberedRun{.model = "original-cnn", .dataset = "shapes10", .shift = 0.02, .epochs = 1}}},
         {"p2-batchnorm", {NumberedRun{.model = "original-cnn-bn", .dataset = "shapes10", .shift = 0.04, .epochs = 1}}},
         {"mlp-l2",
          {NumberedRun{
               .dataset = "shapes10", .shift = 0.1, .epochs = 1, .metrics = {{"seconds", 9}, {"flops_per_image", 4e6}}},
           NumberedRun{.dataset = "shapes10", .shift = 0.3, .epochs = 1}}}});
    EXPECT_EQ(csv("all/figures/p1-original-accuracy.csv"), "epoch,training,validation\n1,0.36,0.27\n");
    EXPECT_EQ(csv("all/figures/p1-original-loss.csv"), "epoch,training,validation\n1,1.95,1.88\n");
    EXPECT_EQ(csv("all/figures/p2-accuracy.csv"),
              "epoch,\"training, plain\",\"validation, plain\",\"training, batch norm\",\"validation, batch norm\"\n"
              "1,0.33,0.24,0.35,0.26\n");
    EXPECT_EQ(csv("all/figures/scores.csv"),
              "model,accuracy,precision,recall,F1,notebook accuracy,notebook precision,notebook recall,notebook F1\n"
              "mlp-l2,0.81,0.82,0.83,0.84,,,,\n");
    EXPECT_EQ(csv("all/figures/accuracy-flops.csv"),
              "floating-point operations per image,test accuracy,number,run\n2.5e+06,0.61,0,p1-original\n"
              "2.5e+06,0.71,0,p1-original\n2.5e+06,0.63,1,p2-original\n2.5e+06,0.65,2,p2-batchnorm\n"
              "4e+06,0.71,3,mlp-l2\n2.5e+06,0.91,3,mlp-l2\n");
    EXPECT_EQ(csv("all/figures/accuracy-seconds.csv"),
              "seconds of training,test accuracy,number,run\n58.25,0.61,0,p1-original\n58.25,0.71,0,p1-original\n"
              "58.25,0.63,1,p2-original\n58.25,0.65,2,p2-batchnorm\n9,0.71,3,mlp-l2\n58.25,0.91,3,mlp-l2\n");
    const std::string commands = csv("all/figures/p1-confusion.gnuplot"), counts = csv("all/figures/p1-confusion.csv");
    EXPECT_LT(commands.find("'original-cnn, training data'"), commands.find("'original-cnn, validation data'"));
    EXPECT_NE(counts.find("\n0,0,1,3\n"), std::string::npos);
    EXPECT_NE(counts.find("\n1,0,1,2\n"), std::string::npos);
}

// Of runs on other images nothing is compared: no verdict, no notebook's number in any table.
TEST_F(Numbers, RunsOnOtherImagesAreNotCompared) {
    const std::string page = comparison_of({{"simple-cnn", {NumberedRun{.dataset = "shapes10"}}}});
    EXPECT_EQ(html_table(page, "Mean over the seeds, and the lowest and highest test accuracy").rows,
              (Rows{{"run", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs"},
                    {"simple-cnn", "1", "0.6100", "0.6100", "0.6100", "0.3600"}}));
    EXPECT_EQ(html_table(page, "On the test images, mean over the seeds").row("simple-cnn"),
              (Row{"0.6100", "0.6200", "0.6300", "0.6400", "1.1000"}));
    EXPECT_EQ(html_table(page, "After training, and what it took").row("simple-cnn"),
              (Row{"0.7100", "58 s", "4321", "2.50"}));
    EXPECT_EQ(page.find("0.6909"), std::string::npos);
}

}  // namespace
}  // namespace cairn::report
