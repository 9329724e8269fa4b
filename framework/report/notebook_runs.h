// What the two notebooks logged, to be shown beside cairn's own runs (datasets/notebook-runs.json).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cairn::report {

// What training logged, an element per epoch; all of a length, or empty where it is not known.
struct Curves {
    std::string name;
    std::vector<double> accuracy, loss;          // on the training images
    std::vector<double> val_accuracy, val_loss;  // on the test images
};

struct NotebookRun {
    std::string run;    // "p2-batchnorm"
    std::string model;  // "original-cnn-bn"
    std::int64_t batch_size = 0;
    bool batch_norm = false;
    // Its accuracy and loss are means over each epoch. Where not, compare the validation curves only.
    bool training_curve = false;
    Curves curves;
    double test_accuracy = 0;
    std::optional<double> test_loss, precision, recall, f1;  // macro means over the classes
    std::optional<double> train_accuracy;                    // after training, in inference mode
    std::optional<double> training_seconds;

    int epochs() const { return static_cast<int>(curves.val_accuracy.size()); }
    // How far below the notebook's the mean validation accuracy of the last five epochs may lie in a run that agrees.
    // Batch norm's moving statistics (momentum 0.99) make validation swing more.
    double tolerance() const { return batch_norm ? 0.03 : 0.015; }
};

// All nine, in the notebooks' order.
const std::vector<NotebookRun>& notebook_runs();

// The run of this name; nullptr if there is none.
const NotebookRun* notebook_run(const std::string& run);

// The mean of the last five values (of all, if there are fewer); nothing for no values.
std::optional<double> mean_of_last_five(std::span<const double> values);

}  // namespace cairn::report
