// cairn report RUN: writes report.html and the figures of a run again.
#include "cairn/report/report.h"
#include "cairn/app/commands/commands.h"
#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/app/trained_model.h"
#include "cairn/core/program.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/run_folder.h"

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* details =
    "RUN is the output folder of a training run, whether it has come to its end or not.\n"
    "Writes RUN/report.html and RUN/figures/, from config.json, history.csv, metrics.json and model.safetensors.\n"
    "The figure of the mistakes needs the run's images too: they are looked for where they were for the\n"
    "training, or in --data DIR, and must be the same. Without them that figure is left out. A run that was\n"
    "killed has a report of its learning curves alone.";

struct Options {
    std::string run;
    std::string data;
    bool png = false;
};

// The test images that the run's weights get wrong. Without the images or the weights there are none, and a warning; but
// a folder that was named with --data must hold the images.
std::vector<report::Mistake> mistakes_of(const Session& session, const Options& options) {
    const auto left_out = [](const Error& error) {
        warn(fmt::format("the report has no figure of the mistakes: {}", error.what()));
        return std::vector<report::Mistake>{};
    };
    data::Located located;
    try {
        located = load_run_data(train::read_config(options.run), options.run, options.data);
    } catch (const Error& error) {
        if (!options.data.empty()) throw;
        return left_out(error);
    }
    say("{}\n", located.line);
    try {
        const TrainedModel trained = load_trained_model(session, {.model = "", .weights = options.run});
        const data::Dataset& test = located.split.test;
        return report::most_confident_mistakes(test, train::logits(trained.model, test));
    } catch (const Error& error) {
        return left_out(error);
    }
}

int write_report_again(const Session& session, const Options& options) {
    train::read_config(options.run);  // before a lock: what is no run is not touched
    const train::RunFolder folder(options.run);
    check(fs::exists(folder.path() / "history.csv"),
          "the run in {} has no history.csv: it has not come to the end of its first epoch, and there is nothing to "
          "report; let it go on: {} train --resume {}",
          options.run, program().command, quoted(options.run));
    std::vector<report::Mistake> mistakes;
    if (folder.complete()) mistakes = mistakes_of(session, options);
    else
        warn(
            fmt::format("the training of the run in {} has not come to its end, so the report has its learning curves "
                        "alone; go on: {} train --resume {}",
                        options.run, program().command, quoted(options.run)));
    const std::string missing = report::write_run_report(options.run, {.mistakes = mistakes, .png = options.png});
    if (!missing.empty()) warn(missing);
    say("wrote {}: report.html, figures/\n", options.run);
    return 0;
}

}  // namespace

void add_report_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"report", "write the report and the figures of a run again", details},
        [](const Command& command, Options& options) {
            command.text("RUN", options.run, "", "the output folder of a training run").required();
            command.text("--data", options.data, "DIR", "where the run's images are by now (default: where they were)");
            command.flag("--png", options.png, "draw every figure as PNG too");
        },
        write_report_again);
}

}  // namespace cairn::app
