// The page about the notebooks' runs, all repeated.
#include "core/error.h"
#include "core/file.h"
#include "report/page.h"
#include "report/repeated_run.h"
#include "report/wording.h"

#include <algorithm>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

using Runs = std::vector<RepeatedRun>;

const RepeatedRun* find(const Runs& runs, const std::string& name) {
    const auto found = std::ranges::find(runs, name, &RepeatedRun::name);
    return found == runs.end() ? nullptr : &*found;
}

std::string csv(const Runs& runs) {
    std::string text =
        "run,model,dataset,seed,epochs,test_accuracy,test_loss,precision,recall,f1,train_accuracy,last_five_val_"
        "accuracy,"
        "seconds,notebook_test_accuracy,notebook_last_five_val_accuracy\n";
    const auto number = [](std::optional<double> v) { return v ? fmt::format("{:.6g}", *v) : ""; };
    for (const RepeatedRun& run : runs)
        for (const RunRecord& r : run.seeds) {
            text += fmt::format("{},{},{},{},{}", run.name, r.model, r.dataset, r.seed, r.epochs());
            for (const std::optional<double>& value :
                 {r.test.accuracy, r.test.loss, r.test.precision, r.test.recall, r.test.f1, r.train.accuracy,
                  mean_of_last_five(r.curves.val_accuracy), r.seconds,
                  run.notebook ? std::optional(run.notebook->test_accuracy) : std::nullopt, run.notebook_last_five()})
                text += "," + number(value);
            text += "\n";
        }
    return text;
}

void add_agreement(Page& page, const Runs& runs, bool compared) {
    page.section("Do the runs agree?");
    std::vector<std::string> header = {"run", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs"};
    if (compared) {
        header.insert(header.begin() + 1, "verdict");
        for (const char* name : {"notebook's test", "notebook's last 5", "difference", "allowed"})
            header.emplace_back(name);
    }
    std::vector<std::vector<std::string>> rows;
    for (const RepeatedRun& run : runs) {
        rows.push_back({run.name, std::to_string(run.seeds.size()), text(run.test(&Scores::accuracy)),
                        text(run.lowest_accuracy()), text(run.highest_accuracy()), text(run.last_five())});
        if (!compared) continue;
        std::vector<std::string>& row = rows.back();
        row.insert(row.begin() + 1, run.verdict());
        const NotebookRun* const nb = run.notebook;
        const std::optional<double> last = run.notebook_last_five();
        for (const std::string& cell :
             {text(nb ? std::optional(nb->test_accuracy) : std::nullopt), text(last), difference(run.last_five(), last),
              nb ? fmt::format("−{:.3f}", nb->tolerance()) : "–"})
            row.push_back(cell);
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
    std::vector<std::vector<std::string>> rows, trained;
    std::vector<ModelScores> bars;
    for (const RepeatedRun& run : runs) {
        const NotebookRun* const nb = run.notebook;
        const auto cell = [&](std::optional<double> value, std::optional<double> other) {
            return other ? fmt::format("{} ({})", text(value), text(other)) : text(value);
        };
        const auto add = [&](std::vector<std::vector<std::string>>& to, std::vector<std::string> cells) {
            to.push_back(std::move(cells));
        };
        const FourScores ours = {run.test(&Scores::accuracy), run.test(&Scores::precision), run.test(&Scores::recall),
                                 run.test(&Scores::f1)};
        const FourScores theirs = nb ? FourScores{nb->test_accuracy, nb->precision, nb->recall, nb->f1} : FourScores{};
        add(rows, {run.name, cell(ours[0], theirs[0]), cell(ours[1], theirs[1]), cell(ours[2], theirs[2]),
                   cell(ours[3], theirs[3]), cell(run.test(&Scores::loss), nb ? nb->test_loss : std::nullopt)});
        if (!run.name.starts_with("p1-") && !run.name.starts_with("p2-")) bars.push_back({run.name, ours, theirs});

        const auto train = run.mean([](const RunRecord& seed) { return seed.train.accuracy; });
        const auto seconds = run.mean([](const RunRecord& seed) { return seed.seconds; });
        const auto time = [&](std::optional<double> s) { return s ? fmt::format(" ({})", duration(*s)) : ""; };
        add(trained,
            {run.name, cell(train, nb ? nb->train_accuracy : std::nullopt),
             time_text(seconds) + time(nb ? nb->training_seconds : std::nullopt),
             std::to_string(run.first().parameters), fmt::format("{:.2f}", run.first().flops_per_image / 1e6)});
    }
    page.section("Scores");
    const std::string brackets = compared ? "; the notebook's in brackets" : "";
    page.table("On the test images, mean over the seeds" + brackets,
               {"run", "accuracy", "precision", "recall", "F1", "loss"}, rows);
    if (!bars.empty()) {
        const Figure figure = score_bars("scores", "Four scores of each model", bars);
        gnuplot.draw(figure);
        page.figure(figure, gnuplot.folder(),
                    fmt::format("Accuracy, and macro precision, recall and F1, mean over the seeds.{} Data: "
                                "figures/scores.csv",
                                compared ? " The marks are the notebook's." : ""));
    }
    page.table("After training, and what it took" + brackets,
               {"run", "train accuracy", "training time", "parameters", "MFLOP per image"}, trained);
}

void add_confusions(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    std::vector<Heatmap> sheet;
    std::vector<std::string> classes;
    for (const char* name : {"p1-original", "p1-modified"})
        if (const RepeatedRun* run = find(runs, name)) {
            classes = run->first().classes;
            if (!run->first().train.confusion.empty())
                sheet.push_back({run->first().model + ", training data", run->first().train.confusion});
            if (!run->first().test.confusion.empty())
                sheet.push_back({run->first().model + ", validation data", run->first().test.confusion});
        }
    if (sheet.empty()) return;
    page.section("Problem 1: what is taken for what");
    const Figure figure = confusion_figure("p1-confusion", "Confusion matrices of problem 1", classes, sheet);
    gnuplot.draw(figure);
    page.figure(figure, gnuplot.folder(),
                "How many images of each class (row) were taken for each class (column), with the first seed. "
                "Data: figures/p1-confusion.csv");
}

void add_batch_norm(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    const RepeatedRun *plain = find(runs, "p2-original"), *with = find(runs, "p2-batchnorm");
    if (!plain || !with || plain->curves().val_accuracy.empty() || with->curves().val_accuracy.empty()) return;
    page.section("Problem 2: what batch normalization changes");
    Curves a = plain->curves(), b = with->curves();
    a.name = "plain";
    b.name = "batch norm";
    const Figure figure = accuracy_comparison("p2-accuracy", "Accuracy with and without batch normalization", {a, b});
    gnuplot.draw(figure);
    page.figure(figure, gnuplot.folder(),
                "Training dashed, validation solid; mean over the seeds. Data: figures/p2-accuracy.csv");
}

void add_curves(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    page.section("Learning curves");
    for (const RepeatedRun& run : runs) {
        const Curves curves = run.curves();
        if (curves.val_accuracy.empty()) continue;
        std::vector<Curves> behind;
        if (run.notebook) behind.push_back(shown(*run.notebook, "notebook"));
        for (const Figure& figure : learning_curves(run.name + "-", curves, behind)) {
            gnuplot.draw(figure);
            page.figure(figure, gnuplot.folder(),
                        fmt::format("{}, mean of {} seed{}.{} Data: figures/{}.csv", figure.title, run.seeds.size(),
                                    run.seeds.size() == 1 ? "" : "s",
                                    behind.empty() ? "" : " The notebook's curve is faint and dashed.", figure.name));
        }
    }
    if (std::ranges::any_of(runs, [](const RepeatedRun& run) { return run.notebook && !run.notebook->training_curve; }))
        page.paragraph(
            "For the runs p1 and p2 the notebook logged running averages of the training accuracy and loss, not means "
            "over "
            "the epoch, so only its validation curves are shown.");
}

void add_costs(Page& page, Gnuplot& gnuplot, const Runs& runs) {
    std::vector<Points> by_flops, by_seconds;
    for (const RepeatedRun& run : runs) {
        by_flops.push_back({run.name, {}});
        by_seconds.push_back({run.name, {}});
        for (const RunRecord& seed : run.seeds) {
            if (!seed.test.accuracy) continue;
            if (seed.flops_per_image > 0) by_flops.back().at.emplace_back(seed.flops_per_image, *seed.test.accuracy);
            if (seed.seconds) by_seconds.back().at.emplace_back(*seed.seconds, *seed.test.accuracy);
        }
    }
    page.section("What accuracy costs");
    for (const Figure& figure :
         {accuracy_against("accuracy-flops", "floating-point operations per image", true, by_flops),
          accuracy_against("accuracy-seconds", "seconds of training", false, by_seconds)}) {
        gnuplot.draw(figure);
        page.figure(figure, gnuplot.folder(),
                    fmt::format("{}; a mark for each seed. Data: figures/{}.csv", figure.title, figure.name));
    }
}

void add_configuration(Page& page, const Runs& runs) {
    page.section("How to repeat it");
    std::vector<std::vector<std::string>> rows;
    for (const RepeatedRun& run : runs)
        for (const RunRecord& seed : run.seeds)
            rows.push_back({run.name, std::to_string(seed.seed), std::to_string(seed.epochs()),
                            seed.value("batch_size"), seed.value("learning_rate"), seed.value("train_images"),
                            seed.dataset, seed.hardware, seed.value("cairn revision"), seed.command});
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
        if (const auto other = std::ranges::find_if_not(run.seeds, &RunRecord::on_cifar10); other != run.seeds.end()) {
            page.warning(not_cifar10(other->dataset));
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
