// The pages: complete, self-contained, honest about the data, and written even without gnuplot.
#include "cairn/report/report.h"

#include "cairn/report/notebook_runs.h"
#include "cairn/report/page.h"
#include "cairn/report/repeated_run.h"
#include "report/markup.h"
#include "report/run_files.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace cairn::report {
namespace {

using test::error_message;
using test::read_text;
using test::TempFolder;
using test::write_run;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void expect_self_contained(const std::string& html) {
    EXPECT_EQ(test::markup_fault(html), "");
    EXPECT_FALSE(contains(html, "<script"));
    EXPECT_FALSE(contains(html, "<link"));
    EXPECT_FALSE(contains(html, "@import"));
    const std::regex outside(R"re((src|href)\s*=\s*["'](?!#|data:))re");
    EXPECT_FALSE(std::regex_search(html, outside));
    EXPECT_FALSE(std::regex_search(html, std::regex(R"re(url\((?!#|data:))re")));
}

// A $PATH without gnuplot, for as long as it lives.
class EmptyPath {
public:
    explicit EmptyPath(const std::filesystem::path& folder) : old_(::getenv("PATH")) {
        ::setenv("PATH", folder.c_str(), 1);
    }
    EmptyPath(const EmptyPath&) = delete;
    EmptyPath& operator=(const EmptyPath&) = delete;
    ~EmptyPath() { ::setenv("PATH", old_.c_str(), 1); }

private:
    std::string old_;
};

// The figures' means are quoted in the notebooks' description; catches values that were lost or swapped on the way.
TEST(NotebookRuns, HoldWhatTheNotebooksLogged) {
    const std::vector<std::pair<const char*, double>> last_five = {
        {"p1-original", 0.7293},  {"p1-modified", 0.7390},    {"p2-original", 0.7331},
        {"p2-batchnorm", 0.7323}, {"mlp-bn", 0.4924},         {"mlp-l2", 0.3744},
        {"simple-cnn", 0.6867},   {"cnn-da-dropout", 0.6869}, {"resnet", 0.7945}};
    ASSERT_EQ(notebook_runs().size(), last_five.size());
    for (std::size_t i = 0; i < last_five.size(); ++i) {
        const NotebookRun& run = notebook_runs()[i];
        EXPECT_EQ(run.run, last_five[i].first);
        EXPECT_NEAR(mean_of_last_five(run.curves.epochs), last_five[i].second, 0.00005 + 1e-9) << run.run;
        // Notebook A: 20 epochs with batches of 64. Validation is the test set, so its last value is the test accuracy.
        const bool a = run.run.starts_with("p");
        EXPECT_EQ(run.epochs(), a ? 20 : 10) << run.run;
        EXPECT_EQ(run.batch_size, a ? 64 : 32) << run.run;
        EXPECT_EQ(run.training_curve, !a) << run.run;
        EXPECT_EQ(std::isfinite(run.test.f1), !a) << run.run;
        EXPECT_EQ(std::isfinite(run.train.accuracy), a) << run.run;
        EXPECT_DOUBLE_EQ(run.curves.epochs.back().val_accuracy, run.test.accuracy) << run.run;
    }
    EXPECT_EQ(notebook_run("no-such-run"), nullptr);
    EXPECT_DOUBLE_EQ(notebook_run("resnet")->tolerance(), 0.03);
    EXPECT_DOUBLE_EQ(notebook_run("mlp-l2")->tolerance(), 0.015);
}

TEST(Page, InlinedDrawingsShareNoIds) {
    const std::string svg =
        "<?xml version='1.0'?>\n<svg viewBox='0 0 1 1'><title>Gnuplot</title><g id='a'/><g id=\"b\"/>"
        "<use xlink:href='#a'/><rect fill='url(#b)'/></svg>";
    EXPECT_EQ(inline_svg(svg, "x-", "a \"label\""),
              "<svg role=\"img\" aria-label=\"a &quot;label&quot;\" viewBox='0 0 1 1'><g id='x-a'/><g id=\"x-b\"/>"
              "<use xlink:href='#x-a'/><rect fill='url(#x-b)'/></svg>");
}

// Catches a column of numbers that is set as words, because one of them has a sign or is missing, and words set as
// numbers.
TEST(Page, NumbersLineUp) {
    Page page("title");
    page.table("caption", {"run", "signed", "mixed"},
               {{"a", "+0.1", "1"}, {"b", "−0.2", "one"}, {"c", "–", "+1"}, {"d", "7 %", "2"}});
    const std::string html = page.html();
    for (const char* cell : {"+0.1", "−0.2", "–", "7 %"})
        EXPECT_TRUE(contains(html, fmt::format("<td class=\"number\">{}</td>", cell))) << cell;
    for (const char* cell : {"1", "one", "+1", "2"})
        EXPECT_TRUE(contains(html, fmt::format("<td class=\"word\">{}</td>", cell))) << cell;
    EXPECT_TRUE(contains(html, "<th scope=\"col\" class=\"number\">signed</th><th scope=\"col\">mixed</th>"));
}

// Catches a seed without a value that counts as zero, or that makes the mean of the others unknown.
TEST(RepeatedRun, TheMeanIsOfTheSeedsThatKnow) {
    RepeatedRun run;
    for (const double accuracy : {0.25, metrics::unknown, 0.75}) run.seeds.emplace_back().test.accuracy = accuracy;
    EXPECT_EQ(run.mean([](const train::RunRecord& seed) { return seed.test.accuracy; }), 0.5);
    EXPECT_EQ(run.test().accuracy, 0.5);
    EXPECT_TRUE(std::isnan(run.mean([](const train::RunRecord&) { return metrics::unknown; })));
}

TEST(RunReport, ShowsTheRunBesideTheNotebooks) {
    const TempFolder folder;
    write_run(folder / "run");
    write_run_report(folder / "run");
    const std::string html = read_text(folder / "run/report.html");
    expect_self_contained(html);
    for (const char* text :
         {"<h1>simple-cnn on CIFAR-10</h1>", "notebook simple-cnn", "0.7000</td><td class=\"number\">0.6909</td>",
          "+0.0091", "−0.", "3 min 42 s", "an abacus", "cairn train &#39;a &amp; b&#39;", "cairn revision",
          "0123456789ab", "&lt;truck&gt;", "prefers-color-scheme: dark", "@media print"})
        EXPECT_TRUE(contains(html, text)) << text;
    EXPECT_FALSE(contains(html, "not CIFAR-10"));
    EXPECT_FALSE(contains(html, "does not repeat"));
    EXPECT_TRUE(std::filesystem::exists(folder / "run/figures/accuracy.csv"));
}

// Catches a page that compares what cannot be compared.
TEST(RunReport, SaysWhatCannotBeCompared) {
    const TempFolder folder;
    write_run(folder / "shapes", {.dataset = "shapes10"});
    write_run_report(folder / "shapes");
    const std::string shapes = read_text(folder / "shapes/report.html");
    EXPECT_TRUE(contains(shapes, "These images are shapes10, not CIFAR-10"));
    EXPECT_FALSE(contains(shapes, "notebook simple-cnn"));
    EXPECT_FALSE(contains(read_text(folder / "shapes/figures/accuracy.csv"), "notebook"));

    write_run(folder / "short", {.epochs = 2, .batch_size = 64});
    write_run_report(folder / "short");
    EXPECT_TRUE(contains(
        read_text(folder / "short/report.html"),
        "does not repeat the notebook&#39;s simple-cnn: epochs 2 instead of 10, batch size 64 instead of 32."));

    write_run(folder / "other", {.model = "my-cnn"});
    write_run_report(folder / "other");
    EXPECT_TRUE(contains(read_text(folder / "other/report.html"), "The notebooks hold no run of this model."));
}

// Notebook A's training values are not means over the epoch; its original-cnn was trained twice.
TEST(RunReport, ShowsOnlyValidationOfNotebookA) {
    const TempFolder folder;
    write_run(folder / "run", {.model = "original-cnn", .epochs = 20, .batch_size = 64});
    write_run_report(folder / "run");
    const std::string csv = read_text(folder / "run/figures/accuracy.csv");
    EXPECT_TRUE(csv.starts_with(
        "epoch,\"validation, notebook p1-original\",\"validation, notebook p2-original\",training,validation\n"))
        << csv;
}

TEST(RunReport, EscapesNames) {
    const TempFolder folder;
    write_run(folder / "run", {.model = "<b>&model"});
    write_run_report(folder / "run");
    const std::string html = read_text(folder / "run/report.html");
    expect_self_contained(html);
    EXPECT_FALSE(contains(html, "<b>"));
    EXPECT_TRUE(contains(html, "&lt;b&gt;&amp;model"));
}

TEST(RunReport, WithoutGnuplotThereAreNoPicturesAndAMessage) {
    const TempFolder folder;
    write_run(folder / "run");
    std::string message;
    {
        const EmptyPath path(folder.path());
        message = write_run_report(folder / "run");
    }
    EXPECT_TRUE(message.starts_with("gnuplot is not installed")) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
    const std::string html = read_text(folder / "run/report.html");
    expect_self_contained(html);
    EXPECT_FALSE(contains(html, "<svg"));
    EXPECT_TRUE(contains(html, "gnuplot is not installed"));
    for (const char* name : {"accuracy.csv", "loss.csv", "confusion.csv", "filters.csv", "filters-pixels.png"})
        EXPECT_TRUE(std::filesystem::exists(folder / "run/figures" / name)) << name;
}

TEST(RunReport, DamagedFoldersAreNamed) {
    const TempFolder folder;
    write_run(folder / "run");
    write_file(folder / "run/metrics.json", "{");
    EXPECT_TRUE(contains(error_message([&] { write_run_report(folder / "run"); }), "metrics.json is not JSON at byte"));
    write_file(folder / "run/metrics.json", "{\"test\": {\"confusion\": [[1, 2]]}}");
    EXPECT_TRUE(contains(error_message([&] { write_run_report(folder / "run"); }), "\"confusion\" is no matrix"));
    write_file(folder / "run/metrics.json", "{\"test\": {\"confusion\": 3}}");
    EXPECT_TRUE(contains(error_message([&] { write_run_report(folder / "run"); }), "not as ./cairn train writes it"));
    std::filesystem::remove(folder / "run/history.csv");
    write_file(folder / "run/metrics.json", "{}");
    EXPECT_TRUE(contains(error_message([&] { write_run_report(folder / "run"); }), "history.csv"));
}

// Catches seeds that are not averaged, the wrong bound, and a verdict on a run with other settings.
TEST(Comparison, JudgesTheMeanOfTheSeeds) {
    const TempFolder folder;
    // The notebook's mean of the last five epochs is 0.6867, so the bound is 0.6717: one seed is below it, the mean is not.
    const auto low = write_run(folder / "low", {.val_accuracy = 0.66}),
               high = write_run(folder / "high", {.val_accuracy = 0.69});
    const auto verdict = [&](const std::vector<std::filesystem::path>& seeds) {
        write_comparison(folder / "all", {{"simple-cnn", seeds}});
        const std::string html = read_text(folder / "all/report.html");
        expect_self_contained(html);
        std::smatch found;
        return std::regex_search(html, found, std::regex("simple-cnn</th><td[^>]*>([^<]*)</td>")) ? found[1].str() : "";
    };
    EXPECT_EQ(verdict({low, high}), "agrees");
    EXPECT_EQ(verdict({low}), "below");
    EXPECT_EQ(verdict({high, write_run(folder / "few", {.epochs = 5})}), "other settings");
    EXPECT_TRUE(contains(read_text(folder / "all/comparison.csv"), "\nsimple-cnn,simple-cnn,cifar-10,7,5,0.7,"));
}

TEST(Comparison, HasTheNotebooksFigures) {
    const TempFolder folder;
    std::vector<ReproducedRun> runs;
    for (const NotebookRun& notebook : notebook_runs()) {
        test::RunFiles files{
            .model = notebook.model, .epochs = notebook.epochs(), .batch_size = static_cast<int>(notebook.batch_size)};
        if (notebook.run.starts_with("p1"))
            files.train =
                fmt::format(", \"train\": {{\"accuracy\": 0.9, \"loss\": 0.1, \"confusion\": {}}}", test::confusion());
        runs.push_back({notebook.run, {write_run(folder / notebook.run, files)}});
    }
    const std::string message = write_comparison(folder / "all", runs);
    const std::string html = read_text(folder / "all/report.html");
    expect_self_contained(html);
    EXPECT_TRUE(contains(html, "0.7000 (0.8137)"));
    EXPECT_TRUE(contains(html, "(1 min 33 s)"));
    const std::string sheet = read_text(folder / "all/figures/p1-confusion.gnuplot");
    for (const char* title : {"original-cnn, training data", "original-cnn, validation data",
                              "modified-cnn, training data", "modified-cnn, validation data"})
        EXPECT_TRUE(contains(sheet, title)) << title;
    const std::string bars = read_text(folder / "all/figures/scores.csv");
    EXPECT_EQ(std::count(bars.begin(), bars.end(), '\n'), 6);  // a header and five models
    for (const char* name : {"p2-accuracy", "accuracy-flops", "accuracy-seconds", "resnet-accuracy", "resnet-loss"})
        EXPECT_EQ(std::filesystem::exists(folder / "all/figures" / fmt::format("{}.svg", name)), message.empty())
            << name;
}

TEST(Comparison, SaysThatShapes10IsNotCifar10) {
    const TempFolder folder;
    write_comparison(folder / "all",
                     {{"resnet", {write_run(folder / "run", {.model = "resnet", .dataset = "shapes10"})}}});
    const std::string html = read_text(folder / "all/report.html");
    expect_self_contained(html);
    EXPECT_TRUE(contains(html, "not CIFAR-10"));
    EXPECT_FALSE(contains(html, "0.8137"));
    EXPECT_THROW(write_comparison(folder / "all", {}), Error);
    EXPECT_THROW(write_comparison(folder / "all", {{"resnet", {}}}), Error);
}

}  // namespace
}  // namespace cairn::report
