// cairn train MODEL: fits it, tests it and writes a run folder; cairn train --resume DIR goes on with one.
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/text.h"
#include "app/train_options.h"
#include "backend/backends.h"
#include "core/parallel.h"
#include "data/canonical.h"
#include "data/shapes10.h"
#include "train/callbacks.h"
#include "train/progress_bar.h"

#include <CLI/CLI.hpp>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* details =
    "Writes into the output folder:\n"
    "  config.json                 everything needed to repeat the run\n"
    "  history.csv, history.jsonl  a line per epoch, rewritten after each\n"
    "  checkpoint/                 where the training stands, after each epoch; the last two are kept\n"
    "  best.safetensors            with --save-best, the weights with the best val_accuracy\n"
    "  model.safetensors           the weights\n"
    "  metrics.json                the scores on the test images after training\n"
    "Without --out a new folder is made: runs/MODEL-DATASET-seedN, or runs/MODEL-DATASET-seedN-2, and\n"
    "so on. A run that stands in the folder given with --out is replaced, file by file.\n"
    "Ctrl-C (or SIGTERM) ends the training after the running step; everything is written all the\n"
    "same, and the exit status is 130 (143). A second one ends at once.\n"
    "--resume DIR goes on with the run in DIR from its last checkpoint, even if it was killed, and ends\n"
    "with the very weights that it would have had without a break. Only --threads, --data (where the\n"
    "same images are) and --epochs (more of them) may be given with it.";

// A training, at its start or where it goes on.
struct Run {
    train::RunConfig config;
    std::unique_ptr<nn::Model> model;
    std::unique_ptr<optim::Optimizer> optimizer;
    data::Located located;
    train::RunFolder folder;
    train::FitState state{};
};

void warn(const std::string& line) { fmt::print(stderr, "cairn: {}\n", line); }

fs::path new_folder(const train::RunConfig& config) {
    const std::string name = fmt::format("{}-{}-seed{}", config.model, config.dataset, config.seed);
    fs::path path = fs::path("runs") / name;
    for (int i = 2; fs::exists(path); ++i) path = fs::path("runs") / fmt::format("{}-{}", name, i);
    return path;
}

train::RunConfig configure(const Session& session, const TrainOptions& options, const data::Located& located,
                           const Device& device, const std::string& optimizer) {
    const ModelEntry& entry = session.registry.model(options.model);
    const data::Split& split = located.split;
    return {.model = entry.name,
            .dataset = split.train.name,
            .data_folder = located.folder.empty() ? "" : fs::absolute(located.folder).string(),
            .limit = options.data.limit,
            .train_images = split.train.size(),
            .test_images = split.test.size(),
            .train_hash = data::content_hash(split.train),
            .test_hash = data::content_hash(split.test),
            .epochs = options.epochs > 0 ? options.epochs : entry.epochs,
            .batch_size = options.batch_size > 0 ? options.batch_size : entry.batch_size,
            .optimizer = optimizer,
            .learning_rate = options.learning_rate,
            .schedule = {optim::parse_schedule(options.schedule), options.warmup_epochs},
            .augmentation = options.augment ? usual_augmentation : data::Augmentation{},
            .early_stopping = options.early_stopping,
            .save_best = options.save_best,
            .seed = session.common.seed,
            .threads = threads(),
            .device = device.str(),
            .command = session.command_line};
}

// " cosine after 2 epochs of warm-up", or nothing for what is usual.
std::string remarks(const train::RunConfig& config) {
    std::string text;
    if (config.schedule.kind != optim::Schedule::Kind::constant) text += ", " + optim::name_of(config.schedule.kind);
    if (config.schedule.warmup_epochs > 0) text += fmt::format(", warm-up {} epochs", config.schedule.warmup_epochs);
    if (config.augmentation != data::Augmentation{}) text += ", augmented";
    if (config.early_stopping > 0) text += fmt::format(", early stopping {}", config.early_stopping);
    return text;
}

void print_header(const Run& run, const std::string& about_output) {
    const train::RunConfig& config = run.config;
    fmt::print("model   {}, {} parameters\n", config.model,
               grouped(run.model->count_parameters(true) + run.model->count_parameters(false)));
    fmt::print("device  {}: {}\n", config.device, backend(run.model->options().device).description());
    fmt::print("images  {} for training, {} for testing\n", grouped(config.train_images), grouped(config.test_images));
    fmt::print("run     {} epochs, batch size {}, {}, learning rate {}{}, seed {}\n", config.epochs, config.batch_size,
               config.optimizer, config.learning_rate, remarks(config), config.seed);
    fmt::print("output  {}{}\n\n", run.folder.path().string(), about_output);
}

// Trains from where the run stands to its end, and writes what it leaves behind.
int train_and_test(Run& run) {
    const Interrupt interrupt;
    train::ProgressBar bar(stdout);
    const data::Split& split = run.located.split;
    train::RunWriter writer(run.folder, run.config, *run.model, *run.optimizer, split.train.classes, warn);
    train::fit(*run.model, *run.optimizer, split.train, split.test,
               {.epochs = run.config.epochs,
                .batch_size = run.config.batch_size,
                .seed = run.config.seed,
                .callbacks = {&bar, &writer},
                .stop = [&] { return interrupt.signal() != 0; },
                .enough = train::EarlyStopping{run.config.early_stopping},
                .schedule = run.config.schedule,
                .augmentation = run.config.augmentation},
               run.state);
    const train::History& history = run.state.history;
    if (history.interrupted)
        fmt::print("\nInterrupted in epoch {}; saving what was learned so far. Once more ends at once.\n",
                   run.state.running_epoch());
    else if (run.state.running_epoch() <= run.config.epochs)
        fmt::print("\nEnded early: val_loss has not fallen for {} epochs.\n", run.config.early_stopping);

    run.folder.write_weights(run.config, *run.model, split.train.classes, history);
    run.folder.write_history(history);
    const train::Evaluation test = train::evaluate(*run.model, split.test);
    run.folder.write_metrics(run.config, *run.model, history, test);
    fmt::print("\ntest    loss {:.4f}  accuracy {:.4f}  on {} images of {}\n", test.loss, test.accuracy,
               grouped(split.test.size()), split.test.name);
    fmt::print("wrote   {}: config.json, history.csv, history.jsonl, metrics.json, model.safetensors{}\n",
               run.folder.path().string(), run.config.save_best ? ", best.safetensors" : "");
    if (!history.interrupted) return 0;
    fmt::print("go on   cairn train --resume {}\n", run.folder.path().string());
    return 128 + interrupt.signal();
}

int begin(const Session& session, const TrainOptions& options) {
    const Device device = session.common.chosen_device();
    std::unique_ptr<nn::Model> model = session.registry.model(options.model).make();
    data::Located located = load_data(options.data);
    fmt::print("{}\n", located.line);

    auto adam = std::make_unique<optim::Adam>(optim::AdamOptions{.learning_rate = options.learning_rate});
    const train::RunConfig config = configure(session, options, located, device, adam->name());
    optim::factor(config.schedule, 0, 1, config.epochs);  // refuses a warm-up that is too long
    train::RunFolder folder(options.out.empty() ? new_folder(config) : fs::path(options.out));
    model->initialize({.device = device, .seed = config.seed});
    Run run{config, std::move(model), std::move(adam), std::move(located), std::move(folder)};
    print_header(run, fs::exists(run.folder.weights()) ? " (replaces the run there)" : "");
    run.folder.begin();
    run.folder.write_config(config);  // before the training: a folder that cannot be written should not cost an hour
    return train_and_test(run);
}

// The data of a run, wherever they are by now. Throws Error if they are others.
data::Located load_same_data(const TrainOptions& options, const train::RunConfig& config) {
    data::Located located;
    if (options.data.folder.empty() && config.data_folder.empty())
        located = {data::make_shapes10(), {}, "Data: shapes10, drawn by cairn as when the run was begun"};
    else located = data::locate(options.data.folder.empty() ? config.data_folder : options.data.folder);
    data::Split& split = located.split;
    if (config.limit > 0) split = {split.train.first(config.limit), split.test.first(config.limit)};
    check(data::content_hash(split.train) == config.train_hash && data::content_hash(split.test) == config.test_hash,
          "the images of {} in {} are not those that the run in {} was begun with; name their folder: --data DIR",
          split.train.name, located.folder.string(), options.resume);
    return located;
}

int go_on(const Session& session, const CLI::App& command, const TrainOptions& options) {
    train::RunConfig config = train::read_config(options.resume);
    check_same_run(command, options, config);
    if (session.common.threads == 0) set_threads(config.threads);  // another number rounds differently
    config.threads = threads();
    config.epochs = std::max(config.epochs, options.epochs);

    std::unique_ptr<nn::Model> model = session.registry.model(config.model).make();
    model->initialize({.device = Device::parse(config.device), .seed = config.seed});
    Run run{config,
            std::move(model),
            std::make_unique<optim::Adam>(optim::AdamOptions{.learning_rate = config.learning_rate}),
            {},
            train::RunFolder(options.resume)};
    const fs::path checkpoint =
        train::load_checkpoint(run.folder.checkpoints(), *run.model, *run.optimizer, run.state, warn);
    const std::size_t epochs = run.state.history.epochs.size();
    const bool ended_early = train::EarlyStopping{config.early_stopping}(run.state.history);
    if ((ended_early || run.state.running_epoch() > config.epochs) && run.folder.has_metrics()) {
        fmt::print("The run in {} is complete: {} epochs{}.\n", options.resume, epochs,
                   ended_early ? ", ended by --early-stopping" : "; more of them: --epochs N");
        return 0;
    }

    run.located = load_same_data(options, config);
    if (!run.located.folder.empty()) run.config.data_folder = fs::absolute(run.located.folder).string();
    fmt::print("{}\n", run.located.line);
    print_header(run, checkpoint.empty()
                          ? " (goes on from the start: there is no checkpoint to use)"
                          : fmt::format(" (goes on after {} epochs and {} steps)", epochs, run.state.epoch.batches));
    run.folder.go_on();
    run.folder.write_config(run.config);
    return train_and_test(run);
}

}  // namespace

void add_train_command(CLI::App& parent, Session& session) {
    const auto options = std::make_shared<TrainOptions>();
    CLI::App& command = add_command(parent, session, "train", "train a model, and test it after each epoch", details);
    add_train_options(command, *options);
    command.callback([&session, &command, options] {
        if (options->model.empty() && options->resume.empty()) throw CLI::RequiredError("MODEL");
        session.chosen = [&session, &command, options] {
            return options->resume.empty() ? begin(session, *options) : go_on(session, command, *options);
        };
    });
}

}  // namespace cairn::app
