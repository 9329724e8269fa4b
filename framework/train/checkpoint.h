// Checkpoints: all that a training depends on in one file, from which it goes on as if it had never stopped, bit for
// bit. There is no state of a random generator to save: the seed and the step decide every draw.
//
//   FOLDER/step-000001563.safetensors   after 1563 steps
//     values, state     the model's arenas (nn/parameter.h)
//     optimizer/m, …    the optimizer's slots
//     history (E, 8)    float64: a row per finished epoch, its columns those of history.csv (for_each_column), then metrics
//     epoch (5)         float64: of the running epoch: batches, samples, sum of losses, right answers, seconds, metrics
//     metadata          "model", "optimizer", "steps" (of the optimizer), "settings" of the run (deciding_settings, JSON),
//                       "threads" where their number decides how sums are rounded, "checksum" over all of the above
#pragma once

#include "cairn/train/fit.h"
#include "cairn/train/run_config.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace cairn::train {

// Takes a line for the user to read: something failed that is no reason to end the training.
using Warn = std::function<void(const std::string&)>;

// Whether a file of this name is a checkpoint.
bool is_checkpoint(const std::string& name);

// Whose checkpoints they are.
struct CheckpointOwner {
    std::string model;            // its name
    std::string settings = "{}";  // of the run, a JSON object; {}: unknown
    int threads = 0;              // that it is computed with, where their number decides how sums are rounded; else 0

    CheckpointOwner(const char* name) : model(name) {}
    CheckpointOwner(std::string name) : model(std::move(name)) {}
    CheckpointOwner(const RunConfig& config);
};

// Writes a checkpoint, complete or not at all; once it is safe on the disk, removes the earlier ones but the last. Creates the
// folder. Throws Error when it cannot be written; the earlier ones are then still there.
void save_checkpoint(const std::filesystem::path& folder, const CheckpointOwner& owner, const nn::Model& model,
                     const optim::Optimizer& optimizer, const FitState& state);

// Loads the newest checkpoint that is whole into an initialized model of the same name and an optimizer of the same kind;
// `warn` hears about every newer one that cannot be read, is damaged or does not fit, and of another number of threads. Returns
// its path; empty, and nothing
// is changed, if there are no checkpoints. Throws Error if there are some and none can be used, as those of a run with other
// settings; no file is ever removed.
std::filesystem::path load_checkpoint(const std::filesystem::path& folder, const CheckpointOwner& owner,
                                      nn::Model& model, optim::Optimizer& optimizer, FitState& state, const Warn& warn);

}  // namespace cairn::train
