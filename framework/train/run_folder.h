// The output folder of a training run. Every file appears complete or not at all.
//
//   config.json         everything needed to repeat the run, with versions and hardware
//   history.csv, .jsonl a line per epoch
//   checkpoint/         from which the training can go on (train/checkpoint.h)
//   best.safetensors    if asked for, the weights after the epoch with the best val_accuracy
//   model.safetensors   the weights
//   metrics.json        the scores after training, on the test and the training images; a run that has it is complete
//   report.html, figures/  the run on one page (report/report.h), made from the other files
#pragma once

#include "cairn/core/folder_lock.h"
#include "cairn/metrics/scores.h"
#include "cairn/train/checkpoint.h"
#include "cairn/train/run_config.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::train {

class RunFolder {
public:
    // Creates the folder, and locks it for as long as this or a copy of it lives. Throws Error where it cannot be written, holds
    // other things than a run, or is another program's at the time.
    explicit RunFolder(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path weights() const { return path_ / "model.safetensors"; }
    std::filesystem::path best_weights() const { return path_ / "best.safetensors"; }
    std::filesystem::path checkpoints() const { return path_ / "checkpoint"; }
    bool complete() const { return std::filesystem::exists(path_ / "metrics.json"); }
    bool has_report() const { return std::filesystem::exists(path_ / "report.html"); }

    // Removes what an earlier run in this folder could be mistaken for: its checkpoints, best weights, metrics, report and
    // figures. Those of a run that goes on stay, except for the metrics and what a killed writer left behind: its old report is
    // there until the new metrics are.
    // Both remove files under the names that cairn gives them, and no others.
    void begin() const;
    void go_on() const;
    void remove_report() const;

    void write_config(const RunConfig& config) const;
    void write_history(const History& history) const;
    // `train`: the scores on the training images, where they were judged.
    void write_metrics(const RunConfig& config, const nn::Model& model, const History& history,
                       const metrics::Scores& test, const metrics::Scores* train = nullptr) const;

    // Writes files of a run by `write`. Where that fails because the folder has been removed or unmounted, or because of
    // anything if this is the `last` time, it moves to a new folder, beside the old one, in the current folder or in that for
    // temporary files, writes them there and tells `warn` where. Throws Error if they could not be written.
    void save(const RunConfig& config, bool last, const Warn& warn, const std::function<void()>& write);

private:
    void save_elsewhere(const RunConfig& config, const std::function<void()>& write);

    std::filesystem::path path_;
    FolderLock lock_;
};

// The weights of a run, with `classes`, the names of the labels, in the metadata.
void save_run_weights(const std::filesystem::path& path, const RunConfig& config, const nn::Model& model,
                      const std::vector<std::string>& classes, const History& history);

// For FitOptions::save: writes history.csv and history.jsonl, a checkpoint and, if asked for, best.safetensors. What cannot
// be written is no reason to lose the training: `warn` hears of it, and it goes on; in another folder, if this one is gone.
void save_progress(RunFolder& folder, const RunConfig& config, const nn::Model& model,
                   const optim::Optimizer& optimizer, const std::vector<std::string>& classes, const FitState& state,
                   const Warn& warn);

// What a run left in its folder.
struct RunRecord {
    std::filesystem::path folder;
    RunConfig config;
    std::string hardware, revision;                                  // of the machine, and of cairn
    std::vector<std::pair<std::string, std::string>> configuration;  // all of config.json: "augmentation flip", "false"
    History history;
    std::int64_t parameters = 0;
    double flops_per_image = 0;
    double seconds = metrics::unknown;  // training and validation
    metrics::Scores test, train;
    std::vector<std::string> classes;  // may be empty

    bool tested = true;  // it has a metrics.json

    int epochs() const { return static_cast<int>(history.epochs.size()); }
};

// Reads config.json, history.csv and metrics.json, and the class names from the weights if they are there. What another
// version of cairn left out stays unknown, and so does what metrics.json says where it is missing: the training has not come to
// its end. Throws Error that names the file and what is wrong with it.
RunRecord read_run(const std::filesystem::path& folder);

// Whether the config.json in this folder is one of cairn's. Throws Error if it cannot be read.
bool holds_results(const std::filesystem::path& folder);

// Makes the folder of a command that writes more or less than one run, and notes the command in config.json, unless a run
// has its own there. `ours`: its files are known to be cairn's. Returns its lock, and whether there was nothing in it. Throws Error if
// it holds what cairn did not write, or if another program writes there.
struct ResultsFolder {
    FolderLock lock;
    bool is_new;
};
ResultsFolder make_results_folder(const std::filesystem::path& path, const std::string& command, bool ours = false);

}  // namespace cairn::train
