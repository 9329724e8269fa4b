// The options of `cairn train` that say how a model is trained: the optimizer, the schedule of its rate, the loss, and what
// the training starts from.
#pragma once

#include "cairn/app/command.h"
#include "cairn/train/run_config.h"

#include <map>
#include <string>

namespace cairn::app {

struct RecipeOptions {
    std::string optimizer = "adam";
    double learning_rate = 0;  // 0: the optimizer's
    double momentum = 0;
    bool nesterov = false;
    double weight_decay = 0;
    double clip_norm = 0;
    double ema = 0;
    double l2 = 0;
    std::string schedule = "constant";
    double warmup_epochs = 0;
    double power = 1;
    int patience = 10;
    std::string loss = "categorical_crossentropy";
    double label_smoothing = 0;
    std::string class_weights;
    std::string weights;
    std::string freeze;
};
void add_recipe_options(const Command& command, RecipeOptions& options);

// Puts the options into a run's settings. `given`: those that the command line names. Throws UsageError for options that do
// not go together, before any data is looked for.
void set_recipe(const RecipeOptions& options, const std::map<std::string, std::string>& given,
                train::RunConfig& config);
// What is not usual among them: ", cosine, weight decay 0.01".
std::string recipe_remarks(const train::RunConfig& config);

}  // namespace cairn::app
