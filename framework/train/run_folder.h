// The output folder of a training run. Every file appears complete or not at all.
//
//   config.json         everything needed to repeat the run, with versions and hardware
//   history.csv, .jsonl a line per epoch
//   metrics.json        the scores on the test set after training
//   model.safetensors   the weights
#pragma once

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
    std::int64_t train_images = 0, test_images = 0;
    int epochs = 0;
    std::int64_t batch_size = 0;
    std::string optimizer;
    double learning_rate = 0;
    std::uint64_t seed = 0;
    int threads = 0;
    std::string device;   // "cpu"
    std::string command;  // what the user typed
};

class RunFolder {
public:
    // Creates the folder. Throws Error where it cannot be written.
    explicit RunFolder(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path weights() const { return path_ / "model.safetensors"; }

    void write_config(const RunConfig& config) const;
    void write_history(const History& history) const;
    void write_metrics(const RunConfig& config, const nn::Model& model, const History& history,
                       const Evaluation& test) const;
    // The weights, with `classes`, the names of the labels, in the metadata.
    void write_weights(const RunConfig& config, const nn::Model& model, const std::vector<std::string>& classes,
                       const History& history) const;

private:
    std::filesystem::path path_;
};

}  // namespace cairn::train
