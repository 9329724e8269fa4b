// A training as the commands run it: it begins in a run folder or goes on with what is there, and leaves the weights, the
// scores and a report.
#pragma once

#include "cairn/app/common_options.h"
#include "cairn/app/interrupt.h"
#include "cairn/optim/optimizers.h"
#include "cairn/train/checkpoint.h"
#include "cairn/train/run_folder.h"

#include <filesystem>
#include <map>
#include <optional>

namespace cairn::app {

// Where a training stands.
struct TrainingRun {
    train::RunConfig config;
    nn::Model model;
    std::unique_ptr<optim::Optimizer> optimizer;
    train::RunFolder folder;
    train::FitState state{};
    bool resumed = false;
    std::filesystem::path checkpoint{};  // that it goes on from; empty if there was none yet
    std::vector<std::string> left{};     // parameters that the weights it started from did not fit: as initialized

    // How the run ended by itself, as its files say: they stay when its checkpoints are deleted.
    struct Ended {
        int epochs = 0;
        bool early = false;  // by --early-stopping
    };
    std::optional<Ended> ended{};

    // Trained to its end and tested.
    bool complete() const { return ended && (ended->early || ended->epochs >= config.epochs); }
};

// What a run of the model on these images is with the notebook's settings: Adam at its defaults and the model's own epochs
// and batch size.
train::RunConfig usual_config(const Session& session, const ModelEntry& model, const data::Located& located,
                              const Device& device);

// What --augment does.
inline constexpr data::Augmentation usual_augmentation{.flip = true, .shift = 4};

// What a run's settings name: the initialized model, on the run's device, without the weights it may start from; its optimizer;
// its loss. Throws Error where they do not fit each other.
nn::Model model_of(const Session& session, const train::RunConfig& config);
std::unique_ptr<optim::Optimizer> optimizer_of(const train::RunConfig& config);
nn::Loss loss_of(const train::RunConfig& config);

// The options of `cairn train` that decide what such a run computes, as they would be given: {"--batch-size", "32"}.
std::map<std::string, std::string> options_of(const train::RunConfig& config);
// In what a run that was begun differs from one with other options: "--batch-size 64 (it was begun with 32)", a text each.
std::vector<std::string> differences(const train::RunConfig& begun, const std::map<std::string, std::string>& options);

// A run at its start. Creates the folder; writes nothing yet. Without a name, it is a new one in runs/.
TrainingRun new_run(const Session& session, const train::RunConfig& config, const std::filesystem::path& folder);
// The run in `folder`, where its last checkpoint left it; `config` is its config.json. Throws Error if there are checkpoints
// and none can be used.
TrainingRun resumed_run(const Session& session, const train::RunConfig& config, const std::filesystem::path& folder);

// Trains from where the run stands to its end, with a progress bar, tests it, and writes all that the folder should hold;
// report.html and figures/ only if asked for. An interrupt ends the training after the running step; what has been learnt is
// saved, and the run can go on another time. Returns 0, or 128 + the signal if the training was interrupted.
int train_and_test(TrainingRun& run, const data::Split& split, const Interrupt& interrupt, bool report);

// report.html and figures/ of a run that is complete. `logits`: the model's for all test images.
void write_report(const TrainingRun& run, const data::Split& split, const std::vector<float>& logits);

}  // namespace cairn::app
