// What fit can do besides training: end early, and keep a run's files up to date.
#pragma once

#include "train/checkpoint.h"
#include "train/run_folder.h"

namespace cairn::train {

// True if the last epoch reached the best val_accuracy so far, alone: an equal one later does not replace it.
bool is_best(const History& history);

// For FitOptions::enough: ends the training when val_loss has not fallen below its best for `patience` epochs. It looks
// at the history only, so that a training that goes on later ends where it would have ended anyway.
struct EarlyStopping {
    int patience = 0;  // 0: never

    bool operator()(const History& history) const;
};

// After every epoch, and where the training is stopped, writes history.csv and history.jsonl, a checkpoint and, if
// asked for, best.safetensors. What cannot be written is no reason to lose the training: `warn` hears of it, and it
// goes on.
class RunWriter final : public Callback {
public:
    RunWriter(const RunFolder& folder, const RunConfig& config, const nn::Model& model,
              const optim::Optimizer& optimizer, std::vector<std::string> classes, Warn warn);

    void on_pause(const FitState& state) override;

private:
    const RunFolder& folder_;
    const RunConfig& config_;
    const nn::Model& model_;
    const optim::Optimizer& optimizer_;
    std::vector<std::string> classes_;
    Warn warn_;
};

}  // namespace cairn::train
