#include "app/train_options.h"

namespace cairn::app {

namespace {

template <typename T>
std::string as_given(const T& value) {
    return fmt::format("{}", value);
}
std::string as_given(optim::Schedule::Kind kind) { return optim::name_of(kind); }
std::string as_given(const data::Augmentation& how) { return as_given(how == usual_augmentation); }
std::string as_given(const train::Hash& hash) { return as_given(hash.value); }

// The options that decide what a run computes, as they would be given for `config`.
std::map<std::string, std::string> options_of(const train::RunConfig& config) {
    std::map<std::string, std::string> options;
    train::for_each_setting(config, [&](const char*, const auto& value, const char* option) {
        if (option[0] != 0) options[option] = as_given(value);
    });
    return options;
}

}  // namespace

void add_train_options(const Command& command, TrainOptions& options) {
    add_model_option(command, options.model);
    add_data_options(command, options.data);
    command.whole("--epochs", options.epochs, "passes over the training images (default: the model's)");
    command.whole("--batch-size", options.batch_size, "images per step (default: the model's)");
    command.number("--learning-rate", options.learning_rate, "of Adam (default 0.001)");
    command
        .text("--schedule", options.schedule, "NAME",
              "how the learning rate changes: constant (the default),\n"
              "step (a tenth from half of the training on, a hundredth from\n"
              "three quarters on) or cosine (falls to 0)")
        .among({"constant", "step", "cosine"});
    command.number("--warmup-epochs", options.warmup_epochs, "first let the learning rate rise for X epochs", true);
    command.flag("--augment", options.augment, "mirror training images at random, and shift them by up to 4 pixels");
    command.whole("--early-stopping", options.early_stopping, "end when val_loss has not fallen for N epochs");
    command.flag("--save-best", options.save_best, "keep the weights with the best val_accuracy too");
    command.flag("--no-report", options.no_report, "leave out report.html and the figures");
    const Option out = command.text("--out", options.out, "DIR", "output folder (default: a new one in runs/)");
    command.text("--resume", options.resume, "DIR", "go on with the run in DIR, as it was begun").excludes(out);
}

std::vector<std::string> differences_of(const train::RunConfig& begun, const train::RunConfig& other) {
    std::vector<std::string> differences;
    std::map<std::string, std::string> is = options_of(begun), wanted = options_of(other);
    for (const auto& [option, value] : wanted)
        if (value != is[option])
            differences.push_back(fmt::format("{} {} (it was begun with {})", option, value, is[option]));
    if (begun.train_hash != other.train_hash || begun.test_hash != other.test_hash)
        differences.push_back(fmt::format("other images of {} (it was begun with {})", other.dataset, begun.dataset));
    return differences;
}

void check_same_run(const std::map<std::string, std::string>& given, const TrainOptions& options,
                    const train::RunConfig& config) {
    const std::map<std::string, std::string> begun = options_of(config);
    std::vector<std::string> conflicts;
    for (const auto& [option, value] : given) {
        const auto entry = begun.find(option);
        if (entry == begun.end() || value == entry->second || (option == "--device" && value == "auto")) continue;
        if (option == "--epochs") continue;  // may be raised
        conflicts.push_back(fmt::format("{} {} (it was begun with {})", option, value, entry->second));
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
