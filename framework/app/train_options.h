// The options of cairn train.
#pragma once

#include "app/common_options.h"
#include "optim/optimizer.h"
#include "train/run_config.h"

namespace cairn::app {

struct TrainOptions {
    std::string model;
    DataOptions data;
    int epochs = 0;               // 0: the model's
    std::int64_t batch_size = 0;  // 0: the model's
    double learning_rate = optim::AdamOptions{}.learning_rate;
    std::string schedule = "constant";
    double warmup_epochs = 0;
    bool augment = false;
    int early_stopping = 0;  // 0: none
    bool save_best = false;
    bool no_report = false;
    std::string out;
    std::string resume;
};
void add_train_options(const Command& command, TrainOptions& options);

// What --augment does.
inline constexpr data::Augmentation usual_augmentation{.flip = true, .shift = 4};

// In what a run that was begun differs from another: "--batch-size 64 (it was begun with 32)", a text each.
std::vector<std::string> differences_of(const train::RunConfig& begun, const train::RunConfig& other);

// A run that goes on is the one that was begun. Throws Error that names those of the `given` options that would make it
// another one; --epochs may be raised if the schedule does not depend on it.
void check_same_run(const std::map<std::string, std::string>& given, const TrainOptions& options,
                    const train::RunConfig& config);

}  // namespace cairn::app
