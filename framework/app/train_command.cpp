// cairn train MODEL: fits it, tests it and writes a run folder.
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/text.h"
#include "backend/backends.h"
#include "core/parallel.h"
#include "train/progress_bar.h"
#include "train/run_folder.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <limits>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* details =
    "Writes into the output folder:\n"
    "  config.json                 everything needed to repeat the run\n"
    "  history.csv, history.jsonl  a line per epoch, rewritten after each\n"
    "  metrics.json                the scores on the test images after training\n"
    "  model.safetensors           the weights\n"
    "Without --out a new folder is made: runs/MODEL-DATASET-seedN, or runs/MODEL-DATASET-seedN-2, and\n"
    "so on. A run that stands in the folder given with --out is replaced, file by file.\n"
    "Ctrl-C (or SIGTERM) ends the training after the running step; everything is written all the\n"
    "same, and the exit status is 130 (143). A second one ends at once.";

struct Options {
    std::string model;
    DataOptions data;
    int epochs = 0;               // 0: the model's
    std::int64_t batch_size = 0;  // 0: the model's
    double learning_rate = optim::AdamOptions{}.learning_rate;
    std::string out;
};

std::string positive(const std::string& text) {
    double number = 0;
    return CLI::detail::lexical_cast(text, number) && std::isfinite(number) && number > 0
               ? ""
               : fmt::format("must be a positive number, not '{}'", text);
}

// Keeps the history on the disk up to date.
class HistoryWriter final : public train::Callback {
public:
    explicit HistoryWriter(const train::RunFolder& folder) : folder_(folder) {}

    void on_epoch(const train::EpochRecord& record, int) override {
        history_.epochs.push_back(record);
        try {
            folder_.write_history(history_);
        } catch (const Error& error) {  // no reason to lose the training: there may be space again at its end
            fmt::print(stderr, "cairn: {}\n       The training goes on.\n", error.what());
        }
    }

private:
    const train::RunFolder& folder_;
    train::History history_;
};

fs::path new_folder(const train::RunConfig& config) {
    const std::string name = fmt::format("{}-{}-seed{}", config.model, config.dataset, config.seed);
    fs::path path = fs::path("runs") / name;
    for (int i = 2; fs::exists(path); ++i) path = fs::path("runs") / fmt::format("{}-{}", name, i);
    return path;
}

train::RunConfig configure(const Session& session, const Options& options, const data::Located& located,
                           const Device& device, const std::string& optimizer) {
    const ModelEntry& entry = session.registry.model(options.model);
    return {.model = entry.name,
            .dataset = located.split.train.name,
            .data_folder = located.folder.empty() ? "" : fs::absolute(located.folder).string(),
            .train_images = located.split.train.size(),
            .test_images = located.split.test.size(),
            .epochs = options.epochs > 0 ? options.epochs : entry.epochs,
            .batch_size = options.batch_size > 0 ? options.batch_size : entry.batch_size,
            .optimizer = optimizer,
            .learning_rate = options.learning_rate,
            .seed = session.common.seed,
            .threads = threads(),
            .device = device.str(),
            .command = session.command_line};
}

void print_header(const train::RunConfig& config, const nn::Model& model, const train::RunFolder& folder) {
    fmt::print("model   {}, {} parameters\n", config.model,
               grouped(model.count_parameters(true) + model.count_parameters(false)));
    fmt::print("device  {}: {}\n", config.device, backend(model.options().device).description());
    fmt::print("images  {} for training, {} for testing\n", grouped(config.train_images), grouped(config.test_images));
    fmt::print("run     {} epochs, batch size {}, {}, learning rate {}, seed {}\n", config.epochs, config.batch_size,
               config.optimizer, config.learning_rate, config.seed);
    fmt::print("output  {}{}\n\n", folder.path().string(),
               fs::exists(folder.weights()) ? " (replaces the run there)" : "");
}

train::History fit_model(nn::Model& model, optim::Optimizer& optimizer, const data::Split& split,
                         const train::RunConfig& config, const train::RunFolder& folder, const Interrupt& interrupt) {
    train::ProgressBar bar(stdout);
    HistoryWriter writer(folder);
    return train::fit(model, optimizer, split.train, split.test,
                      {.epochs = config.epochs,
                       .batch_size = config.batch_size,
                       .seed = config.seed,
                       .callbacks = {&bar, &writer},
                       .stop = [&] { return interrupt.signal() != 0; }});
}

int train_model(const Session& session, const Options& options) {
    const Device device = session.common.chosen_device();
    const std::unique_ptr<nn::Model> model = session.registry.model(options.model).make();
    const data::Located located = load_data(options.data);
    fmt::print("{}\n", located.line);

    optim::Adam adam({.learning_rate = options.learning_rate});
    const train::RunConfig config = configure(session, options, located, device, adam.name());
    const train::RunFolder folder(options.out.empty() ? new_folder(config) : fs::path(options.out));
    model->initialize({.device = device, .seed = config.seed});
    print_header(config, *model, folder);
    folder.write_config(config);  // before the training: a folder that cannot be written should not cost an hour

    const Interrupt interrupt;
    const train::History history = fit_model(*model, adam, located.split, config, folder, interrupt);
    if (history.interrupted)
        fmt::print("\nInterrupted in epoch {}; saving what was learned so far. Once more ends at once.\n",
                   history.epochs.size() + 1);

    folder.write_weights(config, *model, located.split.train.classes, history);
    folder.write_history(history);
    const train::Evaluation test = train::evaluate(*model, located.split.test);
    folder.write_metrics(config, *model, history, test);
    fmt::print("\ntest    loss {:.4f}  accuracy {:.4f}  on {} images of {}\n", test.loss, test.accuracy,
               grouped(located.split.test.size()), located.split.test.name);
    fmt::print("wrote   {}: config.json, history.csv, history.jsonl, metrics.json, model.safetensors\n",
               folder.path().string());
    return history.interrupted ? 128 + interrupt.signal() : 0;
}

}  // namespace

void add_train_command(CLI::App& parent, Session& session) {
    const auto options = std::make_shared<Options>();
    CLI::App& command = add_command(parent, session, "train", "train a model, and test it after each epoch", details);
    command.add_option("MODEL", options->model, "a name that 'cairn models' lists")->required()->type_name("");
    add_data_options(command, options->data);
    command.add_option("--epochs", options->epochs, "passes over the training images (default: the model's)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--batch-size", options->batch_size, "images per step (default: the model's)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--learning-rate", options->learning_rate, "of Adam (default 0.001)")
        ->check(CLI::Validator(positive, ""))
        ->type_name("X");
    command.add_option("--out", options->out, "output folder (default: a new one in runs/)")->type_name("DIR");
    on_command(command, session, [&session, options] { return train_model(session, *options); });
}

}  // namespace cairn::app
