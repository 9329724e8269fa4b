// cairn train MODEL: fits it, tests it and writes a run folder; cairn train --resume DIR goes on with one.
#include "cairn/app/commands/commands.h"
#include "cairn/app/output.h"
#include "cairn/app/recipe_options.h"
#include "cairn/app/run_data.h"
#include "cairn/app/text.h"
#include "cairn/app/training_run.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "cairn/core/program.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/weights.h"

#include <fmt/ranges.h>

#include <algorithm>

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
    "  metrics.json                the scores after training, on the test and the training images\n"
    "  report.html, figures/       the run on one page, with its figures (by gnuplot) and their data\n"
    "Without --out a new folder is made: runs/MODEL-DATASET-seedN, or runs/MODEL-DATASET-seedN-2, and\n"
    "so on. A run that stands in the folder given with --out is replaced, file by file; other files stay,\n"
    "and a folder that holds some but no run is refused.\n"
    "Ctrl-C (or SIGTERM) ends the training after the running step; everything is written all the\n"
    "same, and the exit status is 130 (143). A second one ends at once.\n"
    "--resume DIR goes on with the run in DIR from its last checkpoint, even if it was killed, and ends\n"
    "with the very weights that it would have had without a break; another number of --threads rounds\n"
    "otherwise, and is told. Only --threads, --data (where the same images are), --no-report and --epochs\n"
    "(more of them) may be given with it. The command report writes a run's report again.";

struct Options {
    std::string model;
    DataOptions data;
    int epochs = 0;               // 0: the model's
    std::int64_t batch_size = 0;  // 0: the model's
    RecipeOptions recipe;
    bool augment = false;
    std::string convolution = "auto";
    int early_stopping = 0;  // 0: none
    bool save_best = false;
    bool no_report = false;
    std::string out;
    std::string resume;
};

void add_options(const Command& command, Options& options) {
    add_model_option(command, options.model);
    add_data_options(command, options.data);
    command.whole("--epochs", options.epochs, "passes over the training images (default: the model's)");
    command.whole("--batch-size", options.batch_size, "images per step (default: the model's)");
    add_recipe_options(command, options.recipe);
    command.flag("--augment", options.augment, "mirror training images at random, and shift them by up to 4 pixels");
    command
        .text("--convolution", options.convolution, "NAME",
              "how the cpu computes convolutions: auto (the default, the\n"
              "fastest for each pass), im2col, direct, or winograd (for\n"
              "3 x 3 windows without strides; direct elsewhere)")
        .among(convolution_names());
    command.whole("--early-stopping", options.early_stopping, "end when val_loss has not fallen for N epochs");
    command.flag("--save-best", options.save_best, "keep the weights with the best val_accuracy too");
    command.flag("--no-report", options.no_report, "leave out report.html and the figures");
    const Option out = command.text("--out", options.out, "DIR", "output folder (default: a new one in runs/)");
    command.text("--resume", options.resume, "DIR", "go on with the run in DIR, as it was begun").excludes(out);
}

train::RunConfig configure(const Session& session, const Options& options, const data::Located& located,
                           const Device& device) {
    train::RunConfig config = usual_config(session, session.registry.model(options.model), located, device);
    config.limit = options.data.limit;
    config.load = options.data.load_options();
    if (options.epochs > 0) config.epochs = options.epochs;
    if (options.batch_size > 0) config.batch_size = options.batch_size;
    set_recipe(options.recipe, session.given, config);
    config.augmentation = options.augment ? usual_augmentation : data::Augmentation{};
    config.convolution = options.convolution;
    config.early_stopping = options.early_stopping;
    config.save_best = options.save_best;
    return config;
}

// " cosine after 2 epochs of warm-up", or nothing for what is usual.
std::string remarks(const train::RunConfig& config) {
    std::string text = recipe_remarks(config);
    if (config.augmentation != data::Augmentation{}) text += ", augmented";
    if (config.convolution != "auto") text += ", convolutions by " + config.convolution;
    if (config.early_stopping > 0) text += fmt::format(", early stopping {}", config.early_stopping);
    return text;
}

void print_header(const TrainingRun& run, const std::string& about_output) {
    const train::RunConfig& config = run.config;
    say("model   {}, {} parameters\n", config.model,
        grouped(run.model.count_parameters(true) + run.model.count_parameters(false)));
    say("device  {}: {}\n", config.device, backend(run.model.options().device).description());
    say("images  {} for training, {} for testing\n", grouped(config.train_images), grouped(config.test_images));
    say("run     {}, batch size {}, {}, learning rate {}{}, seed {}\n", counted(config.epochs, "epoch"),
        config.batch_size, config.optimizer, config.learning_rate, remarks(config), config.seed);
    if (!config.weights.empty() && run.checkpoint.empty())
        say("weights {}{}\n", config.weights,
            run.left.empty() ? ""
                             : fmt::format("; their shapes differ in the last layer, so {} begin anew",
                                           fmt::join(run.left, " and ")));
    std::vector<std::string> frozen;
    for (const auto& [name, parameter] : run.model.parameters())
        if (parameter->frozen) frozen.push_back(name);
    if (!frozen.empty()) say("frozen  {}\n", fmt::join(frozen, ", "));
    say("output  {}{}\n\n", run.folder.path().string(), about_output);
}

// Trains, and says how to go on where that was interrupted.
int train_until_done(TrainingRun& run, const data::Split& split, bool report) {
    const int status = train_and_test(run, split, Interrupt(), report);
    if (status != 0) say("go on   {} train --resume {}\n", program().command, quoted(run.folder.path().string()));
    return status;
}

int begin(const Session& session, const Options& options) {
    const Device device = session.common.chosen_device();
    session.registry.model(options.model);           // an unknown name is refused before the data is looked for
    convolution_named(options.convolution, device);  // so is an algorithm that the device does not have
    train::RunConfig refused;
    set_recipe(options.recipe, session.given, refused);  // and options that do not go together
    const data::Located located = load_data(options.data);
    const train::RunConfig config = configure(session, options, located, device);
    TrainingRun run = new_run(session, config, options.out);
    print_header(run, fs::exists(run.folder.weights()) ? " (replaces the run there)" : "");
    return train_until_done(run, located.split, !options.no_report);
}

// A run that goes on is the one that was begun. Throws Error that names the options given that would make it another one;
// --epochs may be raised if the schedule does not depend on it.
void check_same_run(const Session& session, const Options& options, const train::RunConfig& config) {
    std::map<std::string, std::string> given = session.given;
    given.erase("--epochs");
    if (session.common.device == "auto") given.erase("--device");
    const std::vector<std::string> conflicts = differences(config, given);
    check(conflicts.empty(), "the run in {} cannot go on with {}; leave that out, or begin a new run", options.resume,
          fmt::join(conflicts, ", "));
    if (options.epochs == 0) return;
    check(options.epochs >= config.epochs,
          "the run in {} was begun with --epochs {}, which can only be raised, not to {}", options.resume,
          config.epochs, options.epochs);
    check(options.epochs == config.epochs || !optim::depends_on_epochs(config.schedule.kind),
          "the run in {} was begun with --epochs {}; its schedule '{}' depends on that, so it cannot be raised",
          options.resume, config.epochs, optim::name_of(config.schedule.kind));
}

int go_on(const Session& session, const Options& options) {
    train::RunConfig config = train::read_config(options.resume);
    check_same_run(session, options, config);
    if (session.common.threads == 0) set_threads(config.threads);  // another number rounds differently
    config.threads = threads();
    config.epochs = std::max(config.epochs, options.epochs);

    TrainingRun run = resumed_run(session, config, options.resume);
    const bool complete = run.complete(), can_go_on = !run.checkpoint.empty();
    if (complete && (run.folder.has_report() || options.no_report)) {
        say("The run in {} is complete: {}{}.\n", options.resume, counted(run.ended->epochs, "epoch"),
            run.ended->early ? ", ended by --early-stopping"
            : can_go_on      ? "; more of them: --epochs N"
                             : "; its checkpoints are gone, so there can be no more of them");
        return 0;
    }
    check(complete || !run.ended || can_go_on,
          "the run in {} is complete after {} epochs, and its checkpoints are gone, so it cannot go on to {}; begin a "
          "new "
          "run with --epochs {}",
          options.resume, run.ended->epochs, config.epochs, config.epochs);

    const data::Located located = load_run_data(config, options.resume, options.data.folder);
    if (!located.folder.empty()) run.config.data_folder = fs::absolute(located.folder).string();
    say("{}\n", located.line);
    if (complete) {  // it was ended in between
        train::load_weights(run.model, config.model, run.folder.weights());
        write_report(run, located.split, train::logits(run.model, located.split.test));
        say("The run in {} was complete but for its report; wrote report.html.\n", options.resume);
        return 0;
    }
    print_header(run, can_go_on
                          ? fmt::format(" (goes on after {} and {} steps)",
                                        counted(run.state.history.epochs.size(), "epoch"), run.state.epoch.batches)
                          : " (goes on from the start: there is no checkpoint to use)");
    return train_until_done(run, located.split, !options.no_report);
}

int train_model(const Session& session, const Options& options) {
    if (options.model.empty() && options.resume.empty()) throw UsageError("MODEL is required");
    return options.resume.empty() ? begin(session, options) : go_on(session, options);
}

}  // namespace

void add_train_command(const Command& program, Session& session) {
    add_command(program, session, {"train", "train a model, and test it after each epoch", details}, add_options,
                train_model);
}

}  // namespace cairn::app
