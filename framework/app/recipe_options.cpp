#include "cairn/app/recipe_options.h"

#include "cairn/app/common_options.h"
#include "cairn/nn/losses.h"
#include "cairn/optim/optimizers.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace cairn::app {

namespace {

using Given = std::map<std::string, std::string>;

std::vector<std::string> optimizer_names() {
    std::vector<std::string> names;
    for (const optim::Named& named : optim::named_optimizers) names.emplace_back(named.name);
    return names;
}

// The optimizers that take something: "sgd and rmsprop".
std::string optimizers_with(bool optim::Named::*takes) {
    std::vector<std::string> names;
    for (const optim::Named& named : optim::named_optimizers)
        if (named.*takes) names.emplace_back(named.name);
    return fmt::format("{}", fmt::join(names, " and "));
}

std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> found;
    std::istringstream stream(text);
    for (std::string word; std::getline(stream, word, ',');) found.push_back(word);
    return found;
}

constexpr double most_weight = 1e6;

// "" unless the list is of numbers from 0 to most_weight.
std::string weights_error(const std::string& text) {
    for (const std::string& word : words(text)) {
        char* end = nullptr;
        const double value = std::strtod(word.c_str(), &end);
        if (word.empty() || *end != 0 || !(value >= 0 && value <= most_weight))
            return fmt::format("must be numbers from 0 to {} with commas between them, not '{}'", most_weight, text);
    }
    return "";
}

void add_optimizer_options(const Command& command, RecipeOptions& options) {
    command
        .text("--optimizer", options.optimizer, "NAME",
              fmt::format("{}\n(default adam)", fmt::join(optimizer_names(), ", ")))
        .among(optimizer_names());
    command.number("--learning-rate", options.learning_rate, "of the optimizer (default 0.001, and 0.01 for sgd)");
    command.number("--momentum", options.momentum,
                   fmt::format("of {} (default 0)", optimizers_with(&optim::Named::takes_momentum)), share);
    command.flag("--nesterov", options.nesterov, "use the momentum as Nesterov does");
    command.number("--weight-decay", options.weight_decay,
                   "let kernels decay by X times the learning rate at each\n"
                   "step; biases and normalizations do not (default 0, and\n"
                   "0.004 for adamw)",
                   from_zero);
    command.number("--l2", options.l2, "the factor of the model's L2 penalties on kernels\n(default: the model's own)",
                   from_zero);
    command.number("--clip-norm", options.clip_norm, "scale gradients down to a norm of X where it is larger");
    command.number("--ema", options.ema,
                   "judge and save averages of the weights, which keep the\n"
                   "share X of themselves at each step",
                   share);
}

}  // namespace

void add_recipe_options(const Command& command, RecipeOptions& options) {
    add_optimizer_options(command, options);
    command
        .text("--schedule", options.schedule, "NAME",
              "how the learning rate changes: constant (the default),\n"
              "step (a tenth from half of the training on, a hundredth from\n"
              "three quarters on), cosine or polynomial (fall to 0),\n"
              "one-cycle (rises, then falls) or plateau (a tenth whenever\n"
              "val_loss stands still)")
        .among(optim::schedule_names());
    command.number("--warmup-epochs", options.warmup_epochs, "first let the learning rate rise for X epochs",
                   from_zero);
    command.number("--power", options.power, "of the polynomial schedule (default 1: a line)");
    command.whole("--patience", options.patience, "epochs that the plateau schedule waits (default 10)");
    command
        .text("--loss", options.loss, "NAME",
              fmt::format("{}\n(default {})", fmt::join(nn::loss_names(), ",\n"), nn::Loss().name()))
        .among(nn::loss_names());
    command.number("--label-smoothing", options.label_smoothing,
                   "of a cross-entropy: give X of each label to all classes\nalike", share);
    command.text("--class-weights", options.class_weights, "W,W", "how much the images of each class count in the loss")
        .check(weights_error);
    command.text("--weights", options.weights, "RUN",
                 "start from another run's weights (its folder, or its\n"
                 "model.safetensors); a last layer of another shape is left\n"
                 "as initialized");
    command.text("--freeze", options.freeze, "PREFIX",
                 "do not train parameters whose names, as 'conv2d/kernel',\n"
                 "begin so; several with commas between them");
}

namespace {

// Throws UsageError unless options that were given mean something beside the others.
void check_together(const RecipeOptions& o, const Given& given) {
    const auto named = std::ranges::find(optim::named_optimizers, o.optimizer,
                                         [](const optim::Named& n) { return std::string(n.name); });
    const auto refuse = [&](const char* option, bool bad, const std::string& why) {
        if (bad && given.contains(option)) throw UsageError(fmt::format("{} {}; leave it out", option, why));
    };
    refuse("--momentum", !named->takes_momentum,
           fmt::format("is of {}, and {} takes none", optimizers_with(&optim::Named::takes_momentum), o.optimizer));
    refuse(
        "--nesterov", !named->takes_nesterov,
        fmt::format("is of {}, and the optimizer is {}", optimizers_with(&optim::Named::takes_nesterov), o.optimizer));
    refuse("--nesterov", o.momentum == 0, "is a way to use --momentum, which is not given");
    refuse("--power", o.schedule != "polynomial",
           fmt::format("is of the schedule polynomial, and it is {}", o.schedule));
    refuse("--patience", o.schedule != "plateau", fmt::format("is of the schedule plateau, and it is {}", o.schedule));
    refuse("--warmup-epochs", o.schedule == "one-cycle" && o.warmup_epochs > 0,
           "does not go with the schedule one-cycle, which begins with a rise of its own");
    refuse("--label-smoothing", o.label_smoothing > 0 && !o.loss.ends_with("crossentropy"),
           fmt::format("is of a cross-entropy, and the loss is {}", o.loss));
}

}  // namespace

void set_recipe(const RecipeOptions& options, const Given& given, train::RunConfig& config) {
    check_together(options, given);
    const std::unique_ptr<optim::Optimizer> usual = optim::make_optimizer({.name = options.optimizer});
    config.optimizer = options.optimizer;
    config.learning_rate = options.learning_rate > 0 ? options.learning_rate : usual->learning_rate();
    config.momentum = options.momentum;
    config.nesterov = options.nesterov;
    config.weight_decay = given.contains("--weight-decay") ? options.weight_decay : usual->weight_decay();
    config.clip_norm = options.clip_norm;
    if (given.contains("--l2")) config.l2 = options.l2;
    config.ema = options.ema;
    config.schedule = {.kind = optim::parse_schedule(options.schedule), .warmup_epochs = options.warmup_epochs};
    config.schedule.power = options.power;
    config.schedule.patience = options.patience;
    config.loss = options.loss;
    config.label_smoothing = options.label_smoothing;
    for (const std::string& word : words(options.class_weights))
        config.class_weights.push_back(std::strtod(word.c_str(), nullptr));
    config.freeze = words(options.freeze);
    if (options.weights.empty()) return;
    check(std::filesystem::exists(options.weights),
          "there is no {}; --weights names the folder of a run, or the model.safetensors in it", options.weights);
    config.weights = std::filesystem::absolute(options.weights).string();
}

std::string recipe_remarks(const train::RunConfig& config) {
    const train::RunConfig usual;
    std::string text;
    const auto add = [&](const char* what, const auto& value, const auto& otherwise) {
        if (value != otherwise) text += fmt::format(", {} {}", what, value);
    };
    add("momentum", config.momentum, usual.momentum);
    if (config.nesterov) text += ", nesterov";
    add("weight decay", config.weight_decay, usual.weight_decay);
    if (config.l2) text += fmt::format(", L2 penalty {}", *config.l2);
    add("gradients clipped at", config.clip_norm, usual.clip_norm);
    add("averages keep", config.ema, usual.ema);
    if (config.schedule.kind != optim::Schedule::Kind::constant) text += ", " + optim::name_of(config.schedule.kind);
    if (config.schedule.warmup_epochs > 0) text += fmt::format(", warm-up {} epochs", config.schedule.warmup_epochs);
    add("power", config.schedule.power, usual.schedule.power);
    add("patience", config.schedule.patience, usual.schedule.patience);
    add("loss", config.loss, usual.loss);
    add("label smoothing", config.label_smoothing, usual.label_smoothing);
    if (!config.class_weights.empty()) text += fmt::format(", class weights {}", fmt::join(config.class_weights, ","));
    return text;
}

}  // namespace cairn::app
