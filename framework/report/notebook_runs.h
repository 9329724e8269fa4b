// What the two notebooks logged, to be shown beside cairn's own runs (datasets/notebook-runs.json).
#pragma once

#include "cairn/metrics/scores.h"
#include "cairn/train/run_folder.h"

#include <span>
#include <string>
#include <vector>

namespace cairn::report {

// What a training logged, under the name that a figure gives it. A value that is not known is NaN.
struct Curves {
    std::string name;
    std::vector<train::EpochRecord> epochs;
};

struct NotebookRun {
    std::string run;    // "p2-batchnorm"
    std::string model;  // "original-cnn-bn"
    std::int64_t batch_size = 0;
    bool batch_norm = false;
    // Its accuracy and loss are means over each epoch. Where not, compare the validation curves only.
    bool training_curve = false;
    Curves curves;
    metrics::Scores test;
    metrics::Scores train;  // after training, in inference mode
    double seconds = metrics::unknown;

    int epochs() const { return static_cast<int>(curves.epochs.size()); }
    // How far below the notebook's the mean validation accuracy of the last five epochs may lie in a run that agrees.
    // Batch norm's moving statistics (momentum 0.99) make validation swing more.
    double tolerance() const { return batch_norm ? 0.03 : 0.015; }
};

// All nine, in the notebooks' order.
const std::vector<NotebookRun>& notebook_runs();

// The run of this name; nullptr if there is none.
const NotebookRun* notebook_run(const std::string& run);

// In what a run's settings differ from the notebook's, "2 epochs instead of 10"; nothing if it repeats the notebook.
std::vector<std::string> differences(const train::RunRecord& run, const NotebookRun& notebook);

// The mean validation accuracy of the last five epochs (of all, if there are fewer); unknown for none.
double mean_of_last_five(std::span<const train::EpochRecord> epochs);

}  // namespace cairn::report
