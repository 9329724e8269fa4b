// The page about the notebooks' runs, all repeated.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/report/page.h"
#include "cairn/report/repeated_run.h"
#include "cairn/report/wording.h"

#include <algorithm>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

using Runs = std::vector<RepeatedRun>;

const RepeatedRun* find(const Runs& runs, const std::string& name) {
    const auto found = std::ranges::find(runs, name, &RepeatedRun::name);
    return found == runs.end() ? nullptr : &*found;
}

// What the notebook logged of a run; nothing is known where there is nothing to compare.
const NotebookRun& logged(const RepeatedRun& run) {
    static const NotebookRun nothing;
    return run.notebook ? *run.notebook : nothing;
}

std::string csv(const Runs& runs) {
    std::string text =
        "run,model,dataset,seed,epochs,test_accuracy,test_loss,precision,recall,f1,train_accuracy,last_five_val_"
        "accuracy,seconds,notebook_test_accuracy,notebook_last_five_val_accuracy\n";
    for (const RepeatedRun& run : runs)
        for (const train::RunRecord& r : run.seeds) {
            text +=
                fmt::format("{},{},{},{},{}", run.name, r.config.model, r.config.dataset, r.config.seed, r.epochs());
            for (const double value :
                 {r.test.accuracy, r.test.loss, r.test.precision, r.test.recall, r.test.f1, r.train.accuracy,
                  mean_of_last_five(r.history.epochs), r.seconds, logged(run).test.accuracy, run.notebook_last_five()})
                text += "," + field(value);
            text += "\n";
        }
    return text;
}

void add_agreement(Page& page, const Runs& runs, bool compared) {
    page.section("Do the runs agree?");
    Row header = {"run", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs"};
    if (compared) {
        header.insert(header.begin() + 1, "verdict");
        header.insert(header.end(), {"notebook's test", "notebook's last 5", "difference", "allowed"});
    }
    std::vector<Row> rows;
    for (const RepeatedRun& run : runs) {
        Row& row = rows.emplace_back();
        row = {run.name,
               std::to_string(run.seeds.size()),
               text(run.test().accuracy),
               text(run.lowest_accuracy()),
               text(run.highest_accuracy()),
               text(run.last_five())};
        if (!compared) continue;
        const double last = run.notebook_last_five();
        row.insert(row.begin() + 1, run.verdict());
        row.insert(row.end(), {text(logged(run).test.accuracy), text(last), difference(run.last_five(), last),
                               run.notebook ? fmt::format("−{:.3f}", run.notebook->tolerance()) : "–"});
    }
    page.table("Mean over the seeds, and the lowest and highest test accuracy", header, rows);
    if (!compared) return;
    page.paragraph(
        "A run agrees when its validation accuracy, the mean of the last five epochs over all seeds, is no more than "
        "0.015 "
        "below the notebook's (0.03 with batch normalization), or above it.");
    page.paragraph(how_to_compare);
}

// The scores that notebook B tells of its five models; and what notebook A measured.
void add_scores(Page& page, Gnuplot& gnuplot, const Runs& runs, bool compared) {
    const auto cell = [](double value, double other) {
        return std::isnan(other) ? text(value) : fmt::format("{} ({})", text(value), text(other));
    };
    std::vector<Row> rows, trained;
    std::vector<ModelScores> bars;
    for (const RepeatedRun& run : runs) {
        const metrics::Scores ours = run.test(), &theirs = logged(run).test;
        rows.push_back({run.name, cell(ours.accuracy, theirs.accuracy), cell(ours.precision, theirs.precision),
                        cell(ours.recall, theirs.recall), cell(ours.f1, theirs.f1), cell(ours.loss, theirs.loss)});
        if (!run.name.starts_with("p1-") && !run.name.starts_with("p2-")) bars.push_back({run.name, ours, theirs});

        const double train = run.mean([](const train::RunRecord& seed) { return seed.train.accuracy; });
        const double seconds = run.mean([](const train::RunRecord& seed) { return seed.seconds; });
        const double their_seconds = logged(run).seconds;
        trained.push_back(
            {run.name, cell(train, logged(run).train.accuracy),
             time_text(seconds) + (std::isnan(their_seconds) ? "" : fmt::format(" ({})", duration(their_seconds))),
             std::to_string(run.first().parameters), fmt::format("{:.2f}", run.first().flops_per_image / 1e6)});
    }
    page.section("Scores");
    const std::string brackets = compared ? "; the notebook's in brackets" : "";
    page.table("On the test images, mean over the seeds" + brackets,
               {"run", "accuracy", "precision", "recall", "F1", "loss"}, rows);
    if (!bars.empty())
        page.figure(gnuplot, score_bars("scores", "Four scores of each model", bars),
                    fmt::format("Accuracy, and macro precision, recall and F1, mean over the seeds.{}",
                                compared ? " The marks are the notebook's." : ""));
    page.table("After training, and what it took" + brackets,
               {"run", "train accuracy", "training time", "parameters", "MFLOP per image"}, trained);
}

void add_confusions(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    std::vector<Heatmap> sheet;
    std::vector<std::string> classes;
    for (const char* name : {"p1-original", "p1-modified"})
        if (const RepeatedRun* run = find(runs, name)) {
            const train::RunRecord& seed = run->first();
            classes = seed.classes;
            if (seed.train.confusion.classes() > 0)
                sheet.push_back({seed.config.model + ", training data", seed.train.confusion});
            if (seed.test.confusion.classes() > 0)
                sheet.push_back({seed.config.model + ", validation data", seed.test.confusion});
        }
    if (sheet.empty()) return;
    page.section("Problem 1: what is taken for what");
    page.figure(gnuplot, confusion_figure("p1-confusion", "Confusion matrices of problem 1", classes, sheet),
                "How many images of each class (row) were taken for each class (column), with the first seed.");
}

void add_batch_norm(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    const RepeatedRun *plain = find(runs, "p2-original"), *with = find(runs, "p2-batchnorm");
    if (!plain || !with || plain->curves().epochs.empty() || with->curves().epochs.empty()) return;
    page.section("Problem 2: what batch normalization changes");
    const Curves curves[] = {{"plain", plain->curves().epochs}, {"batch norm", with->curves().epochs}};
    page.figure(gnuplot,
                accuracy_comparison("p2-accuracy", "Accuracy with and without batch normalization",
                                    {std::begin(curves), std::end(curves)}),
                "Training dashed, validation solid; mean over the seeds.");
}

void add_curves(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    page.section("Learning curves");
    for (const RepeatedRun& run : runs) {
        const Curves curves = run.curves();
        if (curves.epochs.empty()) continue;
        std::vector<Curves> behind;
        if (run.notebook) behind.push_back(shown(*run.notebook, "notebook"));
        for (const Figure& figure : learning_curves(run.name + "-", curves, behind))
            page.figure(gnuplot, figure,
                        fmt::format("{}, mean of {} seed{}.{}", figure.title, run.seeds.size(),
                                    run.seeds.size() == 1 ? "" : "s",
                                    behind.empty() ? "" : " The notebook's curve is faint and dashed."));
    }
    if (std::ranges::any_of(runs, [](const RepeatedRun& run) { return run.notebook && !run.notebook->training_curve; }))
        page.paragraph(
            "For the runs p1 and p2 the notebook logged running averages of the training accuracy and loss, not means "
            "over the epoch, so only its validation curves are shown.");
}

void add_costs(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    std::vector<Points> by_flops, by_seconds;
    for (const RepeatedRun& run : runs) {
        by_flops.push_back({run.name, {}});
        by_seconds.push_back({run.name, {}});
        for (const train::RunRecord& seed : run.seeds) {
            if (std::isnan(seed.test.accuracy)) continue;
            if (seed.flops_per_image > 0) by_flops.back().at.emplace_back(seed.flops_per_image, seed.test.accuracy);
            if (!std::isnan(seed.seconds)) by_seconds.back().at.emplace_back(seed.seconds, seed.test.accuracy);
        }
    }
    page.section("What accuracy costs");
    for (const Figure& figure :
         {accuracy_against("accuracy-flops", "floating-point operations per image", true, by_flops),
          accuracy_against("accuracy-seconds", "seconds of training", false, by_seconds)})
        page.figure(gnuplot, figure, figure.title + "; a mark for each seed.");
}

void add_configuration(Page& page, const Runs& runs) {
    page.section("How to repeat it");
    std::vector<Row> rows;
    for (const RepeatedRun& run : runs)
        for (const train::RunRecord& seed : run.seeds)
            rows.push_back({run.name, std::to_string(seed.config.seed), std::to_string(seed.epochs()),
                            std::to_string(seed.config.batch_size), fmt::format("{}", seed.config.learning_rate),
                            std::to_string(seed.config.train_images), seed.config.dataset, seed.hardware, seed.revision,
                            seed.config.command});
    page.table("Configuration of every run; all of it is in its config.json",
               {"run", "seed", "epochs", "batch size", "learning rate", "training images", "data", "hardware",
                "cairn's revision", "command"},
               rows);
}

}  // namespace

std::string write_comparison(const fs::path& folder, const std::vector<ReproducedRun>& reproduced,
                             const ReportOptions& options) {
    const Runs runs = read_repeated_runs(reproduced);
    check(!runs.empty(), "there are no runs to compare; name at least one");
    make_folder(folder);
    write_file(folder / "comparison.csv", csv(runs));
    Gnuplot gnuplot(folder / "figures", options.png);

    const bool compared = std::ranges::any_of(runs, [](const RepeatedRun& run) { return run.notebook != nullptr; });
    Page page(compared ? "The notebooks' runs, reproduced" : "The notebooks' models on other images");
    for (const RepeatedRun& run : runs)
        if (const auto other = std::ranges::find_if_not(run.seeds, on_cifar10); other != run.seeds.end()) {
            page.warning(not_cifar10(other->config.dataset));
            break;
        }
    add_agreement(page, runs, compared);
    add_scores(page, gnuplot, runs, compared);
    add_confusions(page, gnuplot, runs);
    add_batch_norm(page, gnuplot, runs);
    add_curves(page, gnuplot, runs);
    add_costs(page, gnuplot, runs);
    if (!gnuplot.message().empty()) page.warning(gnuplot.message());
    add_configuration(page, runs);
    write_file(folder / "report.html", page.html());
    return gnuplot.message();
}

}  // namespace cairn::report
