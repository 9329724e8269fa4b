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

#include "data/augment.h"
#include "optim/schedule.h"
#include "train/evaluate.h"
#include "train/history.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::train {

struct RunConfig {
    std::string model;
    std::string dataset;      // "cifar-10"
    std::string data_folder;  // empty for a generated data set
    std::int64_t limit = 0;   // of the training and of the test images alike; 0: all
    std::int64_t train_images = 0, test_images = 0;
    std::uint64_t train_hash = 0, test_hash = 0;  // data::content_hash
    int epochs = 0;
    std::int64_t batch_size = 0;
    std::string optimizer;
    double learning_rate = 0;
    optim::Schedule schedule{};
    data::Augmentation augmentation{};
    int early_stopping = 0;  // EarlyStopping::patience
    bool save_best = false;
    std::uint64_t seed = 0;
    int threads = 0;
    std::string device;   // "cpu"
    std::string command;  // what the user typed
};

class RunFolder {
public:
    // Creates the folder. Throws Error where it cannot be written, or holds other things than a run.
    explicit RunFolder(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path weights() const { return path_ / "model.safetensors"; }
    std::filesystem::path checkpoints() const { return path_ / "checkpoint"; }
    bool complete() const { return std::filesystem::exists(path_ / "metrics.json"); }
    bool has_report() const { return std::filesystem::exists(path_ / "report.html"); }

    // Removes what an earlier run in this folder could be mistaken for: its checkpoints, best weights, metrics, report and
    // figures. Those of a run that goes on stay, except for the metrics, the report and what a killed writer left behind.
    // Both remove files under the names that cairn gives them, and no others.
    void begin() const;
    void go_on() const;

    void write_config(const RunConfig& config) const;
    void write_history(const History& history) const;
    // `train`: the evaluation on the training images, where there is one.
    void write_metrics(const RunConfig& config, const nn::Model& model, const History& history, const Evaluation& test,
                       const Evaluation* train = nullptr) const;
    // The weights, with `classes`, the names of the labels, in the metadata.
    void write_weights(const RunConfig& config, const nn::Model& model, const std::vector<std::string>& classes,
                       const History& history) const;
    void write_best(const RunConfig& config, const nn::Model& model, const std::vector<std::string>& classes,
                    const History& history) const;

private:
    std::filesystem::path path_;
};

// Whether the config.json in this folder is one of cairn's. Throws Error if it cannot be read.
bool holds_results(const std::filesystem::path& folder);

// Makes the folder of a command that writes more or less than one run, and notes the command in config.json, unless a run
// has its own there. `ours`: its files are known to be cairn's. Returns whether there was no such folder. Throws Error if
// it holds what cairn did not write.
bool make_results_folder(const std::filesystem::path& path, const std::string& command, bool ours = false);

// The config.json of a run. Throws Error if the folder holds no run, or one of another version of cairn.
RunConfig read_config(const std::filesystem::path& folder);

}  // namespace cairn::train
