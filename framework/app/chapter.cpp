#include "cairn/app/chapter.h"

#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/backend/devices.h"
#include "cairn/course/grader.h"
#include "cairn/report/wording.h"
#include "cairn/train/batch_statistics.h"
#include "cairn/train/run_folder.h"

#include <algorithm>
#include <cmath>

namespace cairn::app {

namespace fs = std::filesystem;

void Chapter::open_folder(const std::string& topic) {
    folder_ = options_.out.empty() ? new_folder(fmt::format("chapter-{:02}-{}", options_.number, topic))
                                   : fs::path(options_.out);
    results_ = train::make_results_folder(folder_, command_);  // before the training: a wrong one costs no hour
    gnuplot_.emplace(folder_ / "figures");
}

void Chapter::make_output(const std::string& topic) {
    open_folder(topic);
    say("output  {}\n\n", folder_.string());
}

data::Split Chapter::load_data() {
    const Device device = common_.chosen_device();
    data::Located located = app::load_data(options_.data);
    data::Split& split = located.split;
    dataset_ = split.train.name;
    if (dataset_ != "cifar-10" && !located.folder.empty()) say("{}\n", report::not_cifar10(dataset_));

    as_the_notebook_ = split.train.size() == 50'000;

    open_folder(dataset_);
    say("images  {} for training, {} for testing\n", grouped(split.train.size()), grouped(split.test.size()));
    say("device  {}: {}\n", device.str(), backend(device).description());
    say("output  {}\n\n", folder_.string());
    return std::move(split);
}

void Chapter::end_if_asked() const {
    if (signal() != 0) throw Interrupted{signal()};
}

train::FitOptions Chapter::fit_options(train::FitOptions notebook) {
    end_if_asked();
    if (options_.epochs > 0 && options_.epochs != notebook.epochs) {
        notebook.epochs = options_.epochs;
        as_the_notebook_ = false;
    }
    notebook.seed = common_.seed;
    notebook.callbacks = {&bar_};
    notebook.stop = [this] {
        end_if_asked();
        return false;
    };
    return notebook;
}

const report::NotebookRun* Chapter::notebook(const std::string& run) const {
    return dataset_ == "cifar-10" ? report::notebook_run(run) : nullptr;
}

std::vector<report::Curves> Chapter::notebook_curves(const std::string& run) const {
    const report::NotebookRun* const logged = notebook(run);
    if (logged == nullptr) return {};
    return {report::shown(*logged, "notebook")};
}

std::string Chapter::shown(const std::string& name, double seconds) const {
    end_if_asked();
    const course::Toolchain toolchain = course::load_toolchain();
    const fs::path exercise = options_.exercise.empty() ? toolchain.source / "chapters" / name_ / "exercise.cpp"
                                                        : fs::path(options_.exercise);
    const course::Shown shown = course::show(toolchain, name_, exercise, name, seconds);
    if (!shown.problem.empty()) say("{} {}, so '{}' is left out.\n", exercise.string(), shown.problem, name);
    return shown.text;
}

void Chapter::draw(const report::Figure& figure) {
    invariant(gnuplot_.has_value(), "a chapter draws '{}' before it has a folder", figure.name);
    gnuplot_->draw(figure);
    drawn_.push_back(figure.name);
}

void Chapter::finish() {
    if (!gnuplot_) return;
    if (drawn_.empty()) {  // leaves no empty folders behind
        std::error_code not_empty;
        fs::remove(folder_ / "figures", not_empty);
        if (results_->is_new && fs::remove(folder_ / "config.json", not_empty)) fs::remove(folder_, not_empty);
        return;
    }
    if (dataset_ == "cifar-10" && !as_the_notebook_)
        say("The notebook's numbers are those of more images or other epochs; they cannot be compared with these.\n");
    if (!gnuplot_->message().empty()) say("{}\n", gnuplot_->message());
    say("wrote   {}: {}, each as {}\n", gnuplot_->folder().string(), fmt::join(drawn_, ", "),
        gnuplot_->message().empty() ? ".svg, .csv and .gnuplot" : ".csv and .gnuplot");
}

std::string score_table(const std::vector<Judged>& models) {
    std::vector<Align> columns(7, Align::right);
    columns[0] = Align::left;
    if (std::ranges::all_of(models, [](const Judged& m) { return std::isnan(m.train_accuracy); }))
        columns[1] = Align::hidden;
    TextTable table(columns);
    table.add({"", "train accuracy", "test accuracy", "precision", "recall", "F1", "test loss"});
    const auto add = [&](const std::string& name, const metrics::Scores& test, double train) {
        table.add({name, report::text(train), report::text(test.accuracy), report::text(test.precision),
                   report::text(test.recall), report::text(test.f1), report::text(test.loss)});
    };
    for (const Judged& model : models) {
        add(model.name, model.test, model.train_accuracy);
        if (model.notebook) add("  notebook", model.notebook->test, model.notebook->train.accuracy);
    }
    return table.str();
}

std::string moving_statistics_text(const nn::Model& model, const std::string& name, const data::Dataset& images,
                                   double accuracy, std::int64_t steps) {
    const double momentum = train::moving_momentum(model);
    if (momentum == 0) return "";
    std::string text =
        fmt::format("{}: accuracy {} by its moving statistics, {} by the batch's own.\n", name, report::text(accuracy),
                    report::text(train::accuracy_by_batch_statistics(model, images)));
    const double left = std::pow(momentum, static_cast<double>(steps));
    if (left >= 0.01)
        text += fmt::format(
            "The moving statistics have seen {} step{}: {:.0f} % of them is what they began with, {:g}^{}. After "
            "{:.0f} "
            "steps it "
            "is less than 1 %.\n",
            grouped(steps), steps == 1 ? "" : "s", 100 * left, momentum, steps,
            std::ceil(std::log(0.01) / std::log(momentum)));
    return text;
}

report::Figure score_figure(const std::string& name, const std::string& title, const std::vector<Judged>& models) {
    std::vector<report::ModelScores> scores;
    for (const Judged& model : models)
        scores.push_back({model.name, model.test, model.notebook ? model.notebook->test : metrics::Scores()});
    return report::score_bars(name, title, scores);
}

}  // namespace cairn::app
