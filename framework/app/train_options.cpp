#include "app/train_options.h"

#include <CLI/CLI.hpp>

#include <cmath>

namespace cairn::app {

namespace {

// For option->transform(): accepts finite numbers above 0 (or 0 too), and writes them in one way.
CLI::Validator number(bool may_be_zero) {
    return CLI::Validator(
        [=](std::string& text) -> std::string {
            double value = 0;
            if (!CLI::detail::lexical_cast(text, value) || !std::isfinite(value) || value < 0 ||
                (value == 0 && !may_be_zero))
                return fmt::format("must be a {} number{}, not '{}'", may_be_zero ? "finite" : "positive",
                                   may_be_zero ? " of at least 0" : "", text);
            text = fmt::format("{}", value);
            return "";
        },
        "");
}

// The options that decide what a run computes, with the values that `config` was made from.
std::map<std::string, std::string> options_of(const train::RunConfig& config) {
    const auto flag = [](bool set) { return std::string(set ? "true" : "false"); };
    return {{"MODEL", config.model},
            {"--limit", std::to_string(config.limit)},
            {"--batch-size", std::to_string(config.batch_size)},
            {"--learning-rate", fmt::format("{}", config.learning_rate)},
            {"--schedule", optim::name_of(config.schedule.kind)},
            {"--warmup-epochs", fmt::format("{}", config.schedule.warmup_epochs)},
            {"--augment", flag(config.augmentation == usual_augmentation)},
            {"--early-stopping", std::to_string(config.early_stopping)},
            {"--save-best", flag(config.save_best)},
            {"--seed", std::to_string(config.seed)},
            {"--device", config.device}};
}

}  // namespace

void add_train_options(CLI::App& command, TrainOptions& options) {
    command.add_option("MODEL", options.model, "a name that './cairn models' lists")->type_name("");
    add_data_options(command, options.data);
    command.add_option("--epochs", options.epochs, "passes over the training images (default: the model's)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--batch-size", options.batch_size, "images per step (default: the model's)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--learning-rate", options.learning_rate, "of Adam (default 0.001)")
        ->transform(number(false))
        ->type_name("X");
    command
        .add_option("--schedule", options.schedule,
                    "how the learning rate changes: constant (the default),\n"
                    "step (a tenth from half of the training on, a hundredth from\n"
                    "three quarters on) or cosine (falls to 0)")
        ->check(CLI::IsMember({"constant", "step", "cosine"}).description(""))
        ->type_name("NAME");
    command.add_option("--warmup-epochs", options.warmup_epochs, "first let the learning rate rise for X epochs")
        ->transform(number(true))
        ->type_name("X");
    command.add_flag("--augment", options.augment,
                     "mirror training images at random, and shift them by up to 4 pixels");
    command.add_option("--early-stopping", options.early_stopping, "end when val_loss has not fallen for N epochs")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_flag("--save-best", options.save_best, "keep the weights with the best val_accuracy too");
    command.add_flag("--no-report", options.no_report, "leave out report.html and the figures");
    CLI::Option* out =
        command.add_option("--out", options.out, "output folder (default: a new one in runs/)")->type_name("DIR");
    command.add_option("--resume", options.resume, "go on with the run in DIR, as it was begun")
        ->type_name("DIR")
        ->excludes(out);
}

std::vector<std::string> differences_of(const train::RunConfig& begun, const train::RunConfig& other) {
    std::vector<std::string> differences;
    std::map<std::string, std::string> is = options_of(begun), wanted = options_of(other);
    is["--epochs"] = std::to_string(begun.epochs);
    wanted["--epochs"] = std::to_string(other.epochs);
    for (const auto& [option, value] : wanted)
        if (value != is[option])
            differences.push_back(fmt::format("{} {} (it was begun with {})", option, value, is[option]));
    if (begun.train_hash != other.train_hash || begun.test_hash != other.test_hash)
        differences.push_back(fmt::format("other images of {} (it was begun with {})", other.dataset, begun.dataset));
    return differences;
}

void check_same_run(const CLI::App& command, const TrainOptions& options, const train::RunConfig& config) {
    const std::map<std::string, std::string> begun = options_of(config);
    std::vector<std::string> conflicts;
    for (const CLI::App* level = &command; level != nullptr; level = level->get_parent())
        for (const CLI::Option* option : level->get_options()) {
            const auto entry = begun.find(option->get_name());
            if (entry == begun.end() || option->count() == 0) continue;
            const std::string given = option->as<std::string>();
            if (given != entry->second && !(entry->first == "--device" && given == "auto"))
                conflicts.push_back(fmt::format("{} {} (it was begun with {})", entry->first, given, entry->second));
        }
    check(conflicts.empty(), "the run in {} cannot go on with {}; leave that out, or begin a new run", options.resume,
          fmt::join(conflicts, ", "));
    if (options.epochs == 0) return;
    check(options.epochs >= config.epochs,
          "the run in {} was begun with --epochs {}, which can only be raised, not to {}", options.resume,
          config.epochs, options.epochs);
    check(options.epochs == config.epochs || config.schedule.kind == optim::Schedule::Kind::constant,
          "the run in {} was begun with --epochs {}; its schedule '{}' depends on that, so it cannot be raised",
          options.resume, config.epochs, optim::name_of(config.schedule.kind));
}

}  // namespace cairn::app
