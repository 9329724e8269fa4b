#include "cairn/app/training_run.h"

#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/core/parallel.h"
#include "cairn/data/canonical.h"
#include "cairn/report/report.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/progress_bar.h"
#include "cairn/train/weights.h"

#include <fmt/ranges.h>

#include <cmath>

namespace cairn::app {

namespace fs = std::filesystem;

train::RunConfig usual_config(const Session& session, const ModelEntry& model, const data::Located& located,
                              const Device& device) {
    const data::Split& split = located.split;
    const optim::Adam adam;
    return {.model = model.name,
            .dataset = split.train.name,
            .data_folder = located.folder.empty() ? "" : fs::absolute(located.folder).string(),
            .image_shape = split.train.image_shape,
            .classes = split.train.classes,
            .train_images = split.train.size(),
            .test_images = split.test.size(),
            .train_hash = data::content_hash(split.train),
            .test_hash = data::content_hash(split.test),
            .epochs = model.epochs,
            .batch_size = model.batch_size,
            .optimizer = adam.name(),
            .learning_rate = adam.learning_rate(),
            .seed = session.common.seed,
            .threads = threads(),
            .device = device.str(),
            .command = session.command_line};
}

namespace {

template <typename T>
std::string as_given(const T& value) {
    return fmt::format("{}", value);
}
template <typename T>
std::string as_given(const std::vector<T>& values) {
    return fmt::format("{}", fmt::join(values, ","));
}
std::string as_given(const std::optional<double>& value) { return value ? as_given(*value) : ""; }
std::string as_given(optim::Schedule::Kind kind) { return optim::name_of(kind); }
std::string as_given(const data::Augmentation& how) { return as_given(how == usual_augmentation); }
std::string as_given(const data::ImageSize& size) { return fmt::format("{}x{}", size.height, size.width); }
std::string as_given(const train::Hash& hash) { return as_given(hash.value); }

}  // namespace

std::map<std::string, std::string> options_of(const train::RunConfig& config) {
    std::map<std::string, std::string> options;
    train::for_each_setting(config, [&](const char*, const auto& value, const char* option) {
        if (option[0] != 0) options[option] = as_given(value);
    });
    return options;
}

std::vector<std::string> differences(const train::RunConfig& begun, const std::map<std::string, std::string>& options) {
    std::vector<std::string> texts;
    const std::map<std::string, std::string> is = options_of(begun);
    for (const auto& [option, value] : options)
        if (const auto was = is.find(option); was != is.end() && was->second != value)
            texts.push_back(fmt::format("{} {} (it was begun with {})", option, value, was->second));
    return texts;
}

std::unique_ptr<optim::Optimizer> optimizer_of(const train::RunConfig& config) {
    optim::Choice choice{.name = config.optimizer, .learning_rate = config.learning_rate, .nesterov = config.nesterov};
    if (config.momentum > 0) choice.momentum = config.momentum;
    choice.shared = {.weight_decay = config.weight_decay, .global_clipnorm = config.clip_norm};
    choice.shared.use_ema = config.ema > 0;
    if (config.ema > 0) choice.shared.ema_momentum = config.ema;
    return optim::make_optimizer(choice);
}

nn::Loss loss_of(const train::RunConfig& config) { return nn::loss_named(config.loss, config.label_smoothing); }

nn::Model model_of(const Session& session, const train::RunConfig& config) {
    nn::Model model = make_model(session.registry.model(config.model), config.images());
    for (const std::string& prefix : config.freeze) model.freeze(prefix);
    if (config.l2) model.set_l2(*config.l2);
    const Device device = device_named(config.device);
    model.initialize(
        {.device = device, .seed = config.seed, .convolution = convolution_named(config.convolution, device)});
    train::parts_of(model, {});
    const auto classes = static_cast<std::size_t>(model.output_shape()[-1]);
    check(config.class_weights.empty() || config.class_weights.size() == classes,
          "there are {} weights of classes, but {} classes", config.class_weights.size(), classes);
    return model;
}

namespace {

std::string default_name(const train::RunConfig& config) {
    return fmt::format("{}-{}-seed{}", config.model, config.dataset, config.seed);
}

// What can be refused is refused before the folder is made.
TrainingRun run_at_start(const Session& session, const train::RunConfig& config, const fs::path& folder,
                         const std::string& weights) {
    optim::factor(config.schedule, 0, 1, config.epochs);
    loss_of(config);
    std::unique_ptr<optim::Optimizer> optimizer = optimizer_of(config);
    nn::Model model = model_of(session, config);
    std::vector<std::string> left;
    if (!weights.empty()) left = train::start_from_weights(model, weights);
    return {.config = config,
            .model = std::move(model),
            .optimizer = std::move(optimizer),
            .folder = train::RunFolder(folder.empty() ? new_folder(default_name(config)) : folder),
            .left = std::move(left)};
}

}  // namespace

TrainingRun new_run(const Session& session, const train::RunConfig& config, const fs::path& folder) {
    return run_at_start(session, config, folder, config.weights);
}

TrainingRun resumed_run(const Session& session, const train::RunConfig& config, const fs::path& folder) {
    // The checkpoint holds the weights; the file that the run started from may be gone by now.
    TrainingRun run = run_at_start(session, config, folder, "");
    run.resumed = true;
    run.checkpoint =
        train::load_checkpoint(run.folder.checkpoints(), config, run.model, *run.optimizer, run.state, warn);
    if (run.checkpoint.empty() && !config.weights.empty())
        run.left = train::start_from_weights(run.model, config.weights);
    if (!run.folder.complete()) return run;
    const train::RunRecord record = train::read_run(folder);
    if (!record.history.interrupted) run.ended = {record.epochs(), record.epochs() != record.config.epochs};
    return run;
}

namespace {

// The training's own loss ends it where it stops being finite; that of the validation images decides nothing but when to stop.
void warn_of_loss(const train::FitState& state) {
    if (state.epoch.batches > 0 || state.history.epochs.empty()) return;  // in the middle of an epoch
    const train::EpochRecord& last = state.history.epochs.back();
    if (!std::isfinite(last.val_loss))
        warn(fmt::format(
            "warning: val_loss is {} after epoch {}; the weights or the images are too large, and a smaller "
            "--learning-rate usually helps",
            std::isnan(last.val_loss) ? "nan" : "infinite", last.epoch));
}

void fit(TrainingRun& run, const data::Split& split, const Interrupt& interrupt) {
    train::ProgressBar bar(stdout);
    const auto save = [&](const train::FitState& state) {
        warn_of_loss(state);
        train::save_progress(run.folder, run.config, run.model, *run.optimizer, split.train.classes, state, warn);
    };
    train::fit(run.model, *run.optimizer, split.train, split.test,
               {.epochs = run.config.epochs,
                .batch_size = run.config.batch_size,
                .seed = run.config.seed,
                .callbacks = {&bar},
                .stop = [&] { return interrupt.signal() != 0; },
                .enough = train::EarlyStopping{run.config.early_stopping},
                .save = save,
                .schedule = run.config.schedule,
                .augmentation = run.config.augmentation,
                .loss = loss_of(run.config),
                .class_weight = run.config.class_weights},
               run.state);
}

constexpr std::int64_t judged_at_once = 250;

void print_scores(const char* which, const train::Evaluation& evaluation, const data::Dataset& images) {
    say("{:<7} loss {:.4f}  accuracy {:.4f}  on {} images of {}\n", which, evaluation.loss, evaluation.accuracy,
        grouped(images.size()), images.name);
}

}  // namespace

void write_report(const TrainingRun& run, const data::Split& split, const std::vector<float>& logits) {
    const std::string missing =
        report::write_run_report(run.folder.path(), {.mistakes = report::most_confident_mistakes(split.test, logits)});
    if (!missing.empty()) warn(missing);
}

int train_and_test(TrainingRun& run, const data::Split& split, const Interrupt& interrupt, bool report) {
    // Before the training: a folder that cannot be written should not cost an hour.
    if (run.resumed) run.folder.go_on();
    else run.folder.begin();
    run.folder.write_config(run.config);

    fit(run, split, interrupt);
    const optim::Averaged averaged(*run.optimizer,
                                   run.model.values());  // an interrupted run's too are judged and saved
    const nn::Loss loss = loss_of(run.config);
    const train::History& history = run.state.history;
    if (history.interrupted)
        say("\nInterrupted in epoch {}; saving what was learned so far. Once more ends at once.\n",
            run.state.running_epoch());
    else if (run.state.running_epoch() <= run.config.epochs)
        say("\nEnded early: val_loss has not fallen for {} epochs.\n", run.config.early_stopping);

    const auto save_weights = [&] {
        train::save_run_weights(run.folder.weights(), run.config, run.model, split.train.classes, history);
        run.folder.write_history(history);
    };
    run.folder.save(run.config, true, warn, save_weights);
    const train::Evaluation test = train::evaluate(run.model, split.test, judged_at_once, loss);
    say("\n");
    print_scores("test", test, split.test);
    std::optional<train::Evaluation> train;
    if (!history.interrupted) {
        train = train::evaluate(run.model, split.train, judged_at_once, loss);
        print_scores("train", *train, split.train);
    }
    run.folder.save(run.config, true, warn, [&] {
        if (!fs::exists(run.folder.weights())) save_weights();  // the folder was left in between
        if (!history.interrupted) run.folder.remove_report();   // of a run that was shorter
        run.folder.write_metrics(run.config, run.model, history, test, train ? &*train : nullptr);
    });
    if (report && !history.interrupted) write_report(run, split, test.logits);
    say("wrote   {}: config.json, history.csv, history.jsonl, metrics.json, model.safetensors{}{}{}\n",
        run.folder.path().string(), fs::exists(run.folder.checkpoints()) ? ", checkpoint/" : "",
        fs::exists(run.folder.best_weights()) ? ", best.safetensors" : "",
        !history.interrupted && run.folder.has_report() ? ", report.html, figures/" : "");
    return history.interrupted ? 128 + interrupt.signal() : 0;
}

}  // namespace cairn::app
