// What the chapters' programs share (chapters/NN-name/main.cpp): what the command line asks for, the data, the scores
// and the folder of the figures. The models, the training and the evaluation stand in the chapters themselves.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/app/interrupt.h"
#include "cairn/app/output.h"
#include "cairn/app/summary_table.h"
#include "cairn/report/figures.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/progress_bar.h"
#include "cairn/train/run_folder.h"

#include <filesystem>
#include <optional>

namespace cairn::app {

struct ChapterOptions {
    int number = -1;  // none
    DataOptions data;
    int epochs = 0;        // 0: the notebook's
    std::string out;       // empty: a new folder in runs/
    std::string exercise;  // empty: chapters/NN-name/exercise.cpp
};

// Is thrown in a chapter's program when it was asked to end: by Ctrl-C, after the running step.
struct Interrupted {
    int signal = 0;
};

// A chapter's program as it runs.
class Chapter {
public:
    Chapter(const Session& session, const ChapterOptions& options)
        : command_(session.command_line),
          common_(session.common),
          options_(options),
          name_(session.registry.chapter(options.number).folder) {}

    // Loads the images, makes the output folder, and prints which data, device and folder that are.
    data::Split load_data();

    // For a chapter without images: makes the output folder, runs/chapter-NN-TOPIC unless told otherwise, and prints which it is.
    void make_output(const std::string& topic);

    // For model.initialize(): the device and the seed that were asked for.
    nn::ModelOptions model_options() const { return {.device = common_.chosen_device(), .seed = common_.seed}; }

    // For train::fit(): the notebook's options, with the epochs and the seed that were asked for, the progress bar, and
    // Ctrl-C, which throws Interrupted.
    train::FitOptions fit_options(train::FitOptions notebook);

    // What the notebook logged for this run (report/notebook_runs.h); nullptr on other data than CIFAR-10, where
    // nothing can be compared.
    const report::NotebookRun* notebook(const std::string& run) const;
    // Its curves, to stand behind a model's own, as far as they can be compared; none on other data.
    std::vector<report::Curves> notebook_curves(const std::string& run) const;

    // What the student's exercise makes of course::shown(name), as CSV: compiled to be fast, within this time. Empty, with a
    // line that says why, where the exercise is not there or not written yet.
    std::string shown(const std::string& name, double seconds = 60) const;
    // Is a short run asked for, as the tests do (--limit)?
    bool is_short() const { return options_.data.limit > 0; }

    // Writes the figure's data and draws it.
    void draw(const report::Figure& figure);

    // Prints what was written, whether it can be compared with the notebook's, and why there are no pictures if there
    // are none.
    void finish();
    // The signal that asked the program to end; 0 if none has.
    int signal() const { return interrupt_.signal(); }

private:
    void end_if_asked() const;
    void open_folder(const std::string& topic);

    const std::string& command_;
    const CommonOptions& common_;
    const ChapterOptions& options_;
    std::string name_;  // "02-tensors-gradcheck"
    Interrupt interrupt_;
    train::ProgressBar bar_{stdout};
    std::string dataset_;
    bool as_the_notebook_ = true;  // all images, for as many epochs
    std::filesystem::path folder_;
    std::optional<train::ResultsFolder> results_;
    std::optional<report::Gnuplot> gnuplot_;
    std::vector<std::string> drawn_;  // the names of the figures
};

// A trained model, judged.
struct Judged {
    std::string name;
    metrics::Scores test;
    double train_accuracy = metrics::unknown;       // by evaluation after the training, where the notebook did that
    const report::NotebookRun* notebook = nullptr;  // the same as the notebook logged it; nullptr: nothing to compare
};

// Accuracy, macro precision, recall and F1, and loss: a row per model, and below it the notebook's row.
std::string score_table(const std::vector<Judged>& models);
// Of a model with moving statistics: its accuracy on the images by the batches' own statistics beside `accuracy`, the one by the
// moving ones; and if these have seen so few steps that 1 % or more of their initial values is left, a line that says so. Empty
// for other models.
std::string moving_statistics_text(const nn::Model& model, const std::string& name, const data::Dataset& images,
                                   double accuracy, std::int64_t steps);
// The four scores of each model as bars, with the notebook's as marks.
report::Figure score_figure(const std::string& name, const std::string& title, const std::vector<Judged>& models);

}  // namespace cairn::app
