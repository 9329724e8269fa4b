// The page about one run.
#include "core/error.h"
#include "core/file.h"
#include "core/host_allocator.h"
#include "io/safetensors.h"
#include "report/page.h"
#include "report/report.h"
#include "report/wording.h"

#include <fmt/ranges.h>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

std::vector<NotebookRun> notebook_runs_of(const RunRecord& run) {
    std::vector<NotebookRun> found;
    if (!run.on_cifar10()) return found;
    for (const NotebookRun& notebook : notebook_runs())
        if (notebook.model == run.model) found.push_back(notebook);
    return found;
}

void add_results(Page& page, const RunRecord& run, const std::vector<NotebookRun>& notebooks) {
    page.section("Results");
    std::vector<std::string> header = {"", "this run"};
    for (const NotebookRun& notebook : notebooks) {
        header.push_back("notebook " + notebook.run);
        header.emplace_back("difference");
    }
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](const std::string& name, std::optional<double> value, auto of_notebook) {
        rows.push_back({name, text(value)});
        bool known = value.has_value();
        for (const NotebookRun& notebook : notebooks) {
            const std::optional<double> other = of_notebook(notebook);
            known = known || other;
            rows.back().push_back(text(other));
            rows.back().push_back(difference(value, other));
        }
        if (!known) rows.pop_back();
    };
    add("test accuracy", run.test.accuracy, [](const auto& n) { return std::optional(n.test_accuracy); });
    add("test loss", run.test.loss, [](const auto& n) { return n.test_loss; });
    add("precision (macro)", run.test.precision, [](const auto& n) { return n.precision; });
    add("recall (macro)", run.test.recall, [](const auto& n) { return n.recall; });
    add("F1 (macro)", run.test.f1, [](const auto& n) { return n.f1; });
    add("train accuracy", run.train.accuracy, [](const auto& n) { return n.train_accuracy; });
    add("validation accuracy, mean of the last 5 epochs", mean_of_last_five(run.curves.val_accuracy),
        [](const auto& n) { return mean_of_last_five(n.curves.val_accuracy); });
    page.table(notebooks.empty() ? "Scores on the test images" : "Scores beside the notebooks'", header, rows);
    page.paragraph(
        fmt::format("Training and validation took {} on {} ({}). The model has {} parameters and needs {:.3g} "
                    "million floating-point operations per image.",
                    time_text(run.seconds), run.hardware, run.device, run.parameters, run.flops_per_image / 1e6));
    if (!notebooks.empty()) page.paragraph(how_to_compare);
    else if (run.on_cifar10()) page.paragraph("The notebooks hold no run of this model.");
    for (const NotebookRun& notebook : notebooks)
        if (const std::vector<std::string> other = differences(run, notebook); !other.empty())
            page.warning(
                fmt::format("This run does not repeat the notebook's {}: {}.", notebook.run, fmt::join(other, ", ")));
}

void add_curves(Page& page, Gnuplot& gnuplot, const RunRecord& run, const std::vector<NotebookRun>& notebooks) {
    if (run.epochs() == 0) return;
    std::vector<Curves> behind;
    bool validation_only = false;
    for (const NotebookRun& notebook : notebooks) {
        behind.push_back(shown(notebook, notebooks.size() == 1 ? "notebook" : "notebook " + notebook.run));
        validation_only = validation_only || !notebook.training_curve;
    }
    page.section("Learning curves");
    const std::string caption =
        behind.empty() ? "Against the epoch."
                       : fmt::format("Against the epoch; the notebook's curve is faint and dashed.{}",
                                     validation_only ? " Of the notebook only validation is shown: what it logged for "
                                                       "training is a running average, not the mean over the epoch."
                                                     : "");
    for (const Figure& figure : learning_curves("", run.curves, behind)) {
        gnuplot.draw(figure);
        page.figure(figure, gnuplot.folder(),
                    fmt::format("{}. {} Data: figures/{}.csv", figure.title, caption, figure.name));
    }
}

void add_classes(Page& page, Gnuplot& gnuplot, const RunRecord& run) {
    const auto& counts = run.test.confusion;
    if (counts.empty()) return;
    page.section("Class by class");
    std::vector<Heatmap> heatmaps = {{"Test images of " + data_name(run.dataset), counts}};
    if (!run.train.confusion.empty())
        heatmaps.insert(heatmaps.begin(), {"Training images of " + data_name(run.dataset), run.train.confusion});
    const Figure figure = confusion_figure("confusion", "Confusion matrix of " + run.model, run.classes, heatmaps);
    gnuplot.draw(figure);
    page.figure(figure, gnuplot.folder(),
                "How many images of each class (row) were taken for each class (column). Data: figures/confusion.csv");

    std::vector<std::vector<std::string>> rows;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        std::int64_t actual = 0, predicted = 0;
        for (std::size_t other = 0; other < counts.size(); ++other) {
            actual += counts[c][other];
            predicted += counts[other][c];
        }
        const auto ratio = [](std::int64_t part, std::int64_t whole) {
            return text(whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole));
        };
        rows.push_back({c < run.classes.size() ? run.classes[c] : std::to_string(c), ratio(counts[c][c], predicted),
                        ratio(counts[c][c], actual), ratio(2 * counts[c][c], actual + predicted),
                        std::to_string(actual)});
    }
    page.table("Scores of each class on the test images", {"class", "precision", "recall", "F1", "images"}, rows);
}

// The kernel of the first layer, if that is a convolution over colour pictures.
std::optional<Figure> first_filters(const fs::path& weights) {
    if (!fs::exists(weights)) return std::nullopt;
    HostAllocator memory(Device::reference());
    const io::Safetensors file = io::read_safetensors(weights, memory);
    for (const auto& [name, tensor] : file.tensors)
        if (name == "conv2d/kernel" && tensor.rank() == 4 && tensor.dim(2) == 3 && tensor.dtype() == DType::float32)
            return filters_figure({tensor.dim(0), tensor.dim(1), tensor.dim(2), tensor.dim(3)},
                                  tensor.to_vector<float>());
    return std::nullopt;
}

void add_pictures(Page& page, Gnuplot& gnuplot, const RunRecord& run, const std::vector<Mistake>& mistakes) {
    const std::optional<Figure> filters = first_filters(run.folder / "model.safetensors");
    if (!filters && mistakes.empty()) return;
    page.section("What it sees");
    if (!mistakes.empty()) {
        const Figure figure = mistakes_figure(run.classes, mistakes);
        gnuplot.draw(figure);
        page.figure(figure, gnuplot.folder(),
                    "The test images that the model gets wrong with the highest probability for its answer. "
                    "Data: figures/mistakes.csv");
    }
    if (filters) {
        gnuplot.draw(*filters);
        page.figure(
            *filters, gnuplot.folder(),
            "Red, green and blue weights as colours; grey is 0, and each filter is scaled by its largest weight. "
            "Data: figures/filters.csv");
    }
}

}  // namespace

std::string write_run_report(const fs::path& run_folder, const ReportOptions& options) {
    const RunRecord run = read_run(run_folder);
    const std::vector<NotebookRun> notebooks = notebook_runs_of(run);
    Gnuplot gnuplot(run_folder / "figures", options.png);
    Page page(fmt::format("{} on {}", run.model, data_name(run.dataset)));
    page.paragraph(fmt::format("Test accuracy {} after {} epoch{} with seed {}.", text(run.test.accuracy), run.epochs(),
                               run.epochs() == 1 ? "" : "s", run.seed));
    if (!run.on_cifar10()) page.warning(not_cifar10(run.dataset));
    if (run.interrupted) page.warning("The training was interrupted before its end.");
    add_results(page, run, notebooks);
    add_curves(page, gnuplot, run, notebooks);
    add_classes(page, gnuplot, run);
    add_pictures(page, gnuplot, run, options.mistakes);
    if (!gnuplot.message().empty()) page.warning(gnuplot.message());

    page.section("How to repeat it");
    page.code(run.command);
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, value] : run.configuration) rows.push_back({name, value});
    page.table("Configuration (config.json)", {"setting", "value"}, rows);
    write_file(run_folder / "report.html", page.html());
    return gnuplot.message();
}

}  // namespace cairn::report
