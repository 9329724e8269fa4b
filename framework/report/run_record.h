// What a finished run left in its folder, read back.
#pragma once

#include "report/figures.h"
#include "report/notebook_runs.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::report {

// Scores on one set of images; those that the run did not write are missing.
struct Scores {
    std::optional<double> loss, accuracy, precision, recall, f1;
    std::vector<std::vector<std::int64_t>> confusion;  // (classes, classes), a row per actual class; may be empty
};

struct RunRecord {
    std::filesystem::path folder;
    std::vector<std::pair<std::string, std::string>> configuration;  // all of config.json, as "name", "value"
    std::string model, dataset, device, hardware, command;
    std::uint64_t seed = 0;
    bool interrupted = false;
    std::int64_t parameters = 0;
    double flops_per_image = 0;
    std::optional<double> seconds;  // training and validation
    Curves curves;
    Scores test, train;
    std::vector<std::string> classes;

    bool on_cifar10() const { return dataset == "cifar-10"; }
    int epochs() const { return static_cast<int>(curves.val_accuracy.size()); }
    std::string value(const std::string& name) const;  // of the configuration; empty if it has none of this name
};

// Reads config.json, history.csv and metrics.json, and the class names from the weights if they are there. Throws Error
// that names the file and what is wrong with it.
RunRecord read_run(const std::filesystem::path& folder);

// In what a run's settings differ from the notebook's, "2 epochs instead of 10"; nothing if it repeats the notebook.
std::vector<std::string> differences(const RunRecord& run, const NotebookRun& notebook);

}  // namespace cairn::report
