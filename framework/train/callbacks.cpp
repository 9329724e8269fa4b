#include "train/callbacks.h"

#include <algorithm>

namespace cairn::train {

bool is_best(const History& history) {
    const std::vector<EpochRecord>& epochs = history.epochs;
    return !epochs.empty() && std::all_of(epochs.begin(), epochs.end() - 1, [&](const EpochRecord& earlier) {
        return earlier.val_accuracy < epochs.back().val_accuracy;
    });
}

bool EarlyStopping::operator()(const History& history) const {
    const auto best = std::ranges::min_element(history.epochs, {}, &EpochRecord::val_loss);  // the first of equal ones
    return patience > 0 && history.epochs.end() - best > patience;
}

RunWriter::RunWriter(const RunFolder& folder, const RunConfig& config, const nn::Model& model,
                     const optim::Optimizer& optimizer, std::vector<std::string> classes, Warn warn)
    : folder_(folder),
      config_(config),
      model_(model),
      optimizer_(optimizer),
      classes_(std::move(classes)),
      warn_(std::move(warn)) {}

void RunWriter::on_pause(const FitState& state) {
    try {
        folder_.write_history(state.history);
        // Before the checkpoint: a run that is killed between the two comes to this epoch once more.
        if (config_.save_best && state.epoch.batches == 0 && is_best(state.history))
            folder_.write_best(config_, model_, classes_, state.history);
        save_checkpoint(folder_.checkpoints(), model_, optimizer_, state);
    } catch (const Error& error) {
        warn_(fmt::format("{}. The training goes on, and earlier checkpoints are kept.", error.what()));
    }
}

}  // namespace cairn::train
