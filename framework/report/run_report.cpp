// The page about one run.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/host_allocator.h"
#include "cairn/io/safetensors.h"
#include "cairn/report/page.h"
#include "cairn/report/report.h"
#include "cairn/report/wording.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_class_rows = 100;  // nobody reads on

std::vector<NotebookRun> notebook_runs_of(const train::RunRecord& run) {
    std::vector<NotebookRun> found;
    if (!on_cifar10(run)) return found;
    for (const NotebookRun& notebook : notebook_runs())
        if (notebook.model == run.config.model) found.push_back(notebook);
    return found;
}

void add_results(Page& page, const train::RunRecord& run, const std::vector<NotebookRun>& notebooks) {
    page.section("Results");
    Row header = {"", "this run"};
    for (const NotebookRun& notebook : notebooks) {
        header.push_back("notebook " + notebook.run);
        header.emplace_back("difference");
    }
    std::vector<Row> rows;
    // A row of a number of the run and of the notebooks, where one of them is known.
    const auto add = [&](const std::string& name, double value, auto of_notebook) {
        Row row = {name, text(value)};
        bool known = !std::isnan(value);
        for (const NotebookRun& notebook : notebooks) {
            const double other = of_notebook(notebook);
            known = known || !std::isnan(other);
            row.push_back(text(other));
            row.push_back(difference(value, other));
        }
        if (known) rows.push_back(row);
    };
    const std::pair<const char*, double metrics::Scores::*> scores[] = {
        {"test accuracy", &metrics::Scores::accuracy},
        {"test loss", &metrics::Scores::loss},
        {"precision (macro)", &metrics::Scores::precision},
        {"recall (macro)", &metrics::Scores::recall},
        {"F1 (macro)", &metrics::Scores::f1}};
    for (const auto& [name, score] : scores)
        add(name, run.test.*score, [score = score](const NotebookRun& notebook) { return notebook.test.*score; });
    add("train accuracy", run.train.accuracy, [](const NotebookRun& notebook) { return notebook.train.accuracy; });
    add("validation accuracy, mean of the last 5 epochs", mean_of_last_five(run.history.epochs),
        [](const NotebookRun& notebook) { return mean_of_last_five(notebook.curves.epochs); });
    page.table(notebooks.empty() ? "Scores on the test images" : "Scores beside the notebooks'", header, rows);
    page.paragraph(fmt::format(
        "Training and validation took {} on {} ({}). The model has {} parameters and needs {:.3g} "
        "million floating-point operations per image.",
        time_text(run.seconds), run.hardware, run.config.device, run.parameters, run.flops_per_image / 1e6));
    if (!notebooks.empty()) page.paragraph(how_to_compare);
    else if (on_cifar10(run)) page.paragraph("The notebooks hold no run of this model.");
    for (const NotebookRun& notebook : notebooks)
        if (const std::vector<std::string> other = differences(run, notebook); !other.empty())
            page.warning(
                fmt::format("This run does not repeat the notebook's {}: {}.", notebook.run, fmt::join(other, ", ")));
}

void add_curves(Page& page, Gnuplot& gnuplot, const train::RunRecord& run, const std::vector<NotebookRun>& notebooks) {
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
    for (const Figure& figure : learning_curves("", {run.config.model, run.history.epochs}, behind))
        page.figure(gnuplot, figure, fmt::format("{}. {}", figure.title, caption));
}

void add_classes(Page& page, Gnuplot& gnuplot, const train::RunRecord& run) {
    const metrics::ConfusionMatrix& confusion = run.test.confusion;
    if (confusion.classes() == 0) return;
    page.section("Class by class");
    std::vector<Heatmap> heatmaps = {{"Test images of " + data_name(run.config.dataset), confusion}};
    if (run.train.confusion.classes() > 0)
        heatmaps.insert(heatmaps.begin(), {"Training images of " + data_name(run.config.dataset), run.train.confusion});
    page.figure(gnuplot,
                confusion_figure("confusion", "Confusion matrix of " + run.config.model, run.classes, heatmaps),
                "How many images of each class (row) were taken for each class (column).");

    std::vector<std::pair<double, Row>> rows;  // with the class's F1
    for (int c = 0; c < confusion.classes(); ++c) {
        const auto [precision, recall, f1, support] = confusion.scores(c);
        const auto i = static_cast<std::size_t>(c);
        rows.push_back({f1,
                        {i < run.classes.size() ? run.classes[i] : std::to_string(c), text(precision), text(recall),
                         text(f1), std::to_string(support)}});
    }
    std::string caption = "Scores of each class on the test images";
    if (rows.size() > most_class_rows) {
        std::ranges::stable_sort(rows, {}, &std::pair<double, Row>::first);
        caption = fmt::format("Scores on the test images of the {} of {} classes with the lowest F1", most_class_rows,
                              rows.size());
        rows.resize(most_class_rows);
    }
    std::vector<Row> cells;
    for (auto& [f1, row] : rows) cells.push_back(std::move(row));
    page.table(caption, {"class", "precision", "recall", "F1", "images"}, cells);
}

// The kernel of the first layer, if that is a convolution over pictures.
std::optional<Figure> first_filters(const fs::path& weights) {
    constexpr std::int64_t most_weights = 1'000'000;
    std::error_code ignored;
    if (!fs::exists(weights, ignored)) return std::nullopt;
    HostAllocator memory(Device::reference());
    const auto is_shown = [](const io::SafetensorsEntry& entry) {
        const Shape& shape = entry.shape;
        return entry.name == "conv2d/kernel" && entry.dtype == DType::float32 && shape.rank() == 4 &&
               (shape[2] == 3 || shape[2] == 1) && shape.size() >= 1 && shape.size() <= most_weights;
    };
    const io::Safetensors file = io::read_safetensors(weights, memory, is_shown);
    if (file.tensors.empty()) return std::nullopt;
    const Tensor& kernel = file.tensors.front().second;
    return filters_figure(kernel.shape(), kernel.to_vector<float>());
}

void add_pictures(Page& page, Gnuplot& gnuplot, const train::RunRecord& run, const std::vector<Mistake>& mistakes) {
    const std::optional<Figure> filters = first_filters(run.folder / "model.safetensors");
    if (!filters && mistakes.empty()) return;
    page.section("What it sees");
    if (!mistakes.empty())
        page.figure(gnuplot, mistakes_figure(run.classes, mistakes),
                    "The test images that the model gets wrong with the highest probability for its answer.");
    if (filters)
        page.figure(gnuplot, *filters,
                    "Weights as brightness, red, green and blue ones as colours; medium grey is 0, and each filter is "
                    "scaled by its "
                    "largest weight.");
}

}  // namespace

std::string write_run_report(const fs::path& run_folder, const ReportOptions& options) {
    const train::RunRecord run = train::read_run(run_folder);
    const std::vector<NotebookRun> notebooks = notebook_runs_of(run);
    Gnuplot gnuplot(run_folder / "figures", options.png);
    Page page(fmt::format("{} on {}", run.config.model, data_name(run.config.dataset)));
    const std::string trained =
        fmt::format("{} epoch{} with seed {}", run.epochs(), run.epochs() == 1 ? "" : "s", run.config.seed);
    page.paragraph(run.tested ? fmt::format("Test accuracy {} after {}.", text(run.test.accuracy), trained)
                              : fmt::format("Trained for {} so far.", trained));
    if (run.config.dataset == "shapes10") page.warning(not_cifar10(run.config.dataset));  // stands in for it
    if (run.history.interrupted || !run.tested) page.warning("The training was interrupted before its end.");
    if (run.tested) add_results(page, run, notebooks);
    add_curves(page, gnuplot, run, notebooks);
    add_classes(page, gnuplot, run);
    if (run.tested) add_pictures(page, gnuplot, run, options.mistakes);  // the weights may be older than the history
    if (!gnuplot.message().empty()) page.warning(gnuplot.message());

    page.section("How to repeat it");
    page.code(run.config.command);
    std::vector<Row> rows;
    for (const auto& [name, value] : run.configuration) rows.push_back({name, value});
    page.table("Configuration (config.json)", {"setting", "value"}, rows);
    write_file(run_folder / "report.html", page.html());
    return gnuplot.message();
}

}  // namespace cairn::report
