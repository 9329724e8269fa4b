// cairn reproduce: the notebooks' nine runs, and what they show side by side.
#include "cairn/app/commands/commands.h"
#include "cairn/app/nearest.h"
#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/app/training_run.h"
#include "cairn/report/notebook_runs.h"
#include "cairn/report/repeated_run.h"

#include <algorithm>
#include <cmath>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* details =
    "RUN is one of the notebooks' runs; without any, all nine are trained, one after the other:\n"
    "  p1-original p1-modified p2-original p2-batchnorm\n"
    "  mlp-bn mlp-l2 simple-cnn cnn-da-dropout resnet\n"
    "Each has the notebook's epochs and batch size, and is tested on the test and on the training images\n"
    "at its end. A run whose model occurs a second time (p2-original) is trained afresh: its seed is 1000\n"
    "higher. Writes into the output folder:\n"
    "  RUN/seedN/               what 'train' writes for one training\n"
    "  config.json              the command, and cairn's version\n"
    "  comparison.csv           all runs beside the notebooks' numbers\n"
    "  report.html, figures/    the same on one page, with the notebooks' figures\n"
    "Runs that are complete in the output folder are not repeated, and one that was broken off goes on,\n"
    "so that the same command can be given again after Ctrl-C.";

struct Options {
    std::vector<std::string> runs;
    DataOptions data;
    int epochs = 0;  // 0: the notebook's
    int seeds = 1;
    std::string out;
    bool png = false;
};

// One training of the many.
struct Job {
    std::string run;  // "p2-batchnorm"
    train::RunConfig config;
    fs::path folder;
};

std::vector<const report::NotebookRun*> chosen_runs(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const report::NotebookRun& run : report::notebook_runs()) known.push_back(run.run);
    for (const std::string& name : names)
        check(std::ranges::find(known, name) != known.end(), "there is no run '{}'{}; the runs are {}", name,
              suggestion(name, known), fmt::join(known, ", "));
    std::vector<const report::NotebookRun*> chosen;
    for (const report::NotebookRun& run : report::notebook_runs())
        if (names.empty() || std::ranges::find(names, run.run) != names.end()) chosen.push_back(&run);
    return chosen;
}

// Of the runs with the same model, each has other random numbers.
std::uint64_t first_seed(const report::NotebookRun& run, std::uint64_t seed) {
    for (const report::NotebookRun& earlier : report::notebook_runs()) {
        if (&earlier == &run) break;
        if (earlier.model == run.model) seed += 1000;
    }
    return seed;
}

fs::path output_folder(const Options& options, const std::string& dataset) {
    if (!options.out.empty()) return options.out;
    std::string name = "reproduce-" + dataset;
    if (options.epochs > 0) name += fmt::format("-epochs{}", options.epochs);
    if (options.data.limit > 0) name += fmt::format("-limit{}", options.data.limit);
    return fs::path("runs") / name;
}

std::vector<Job> plan(const Session& session, const Options& options, const data::Located& located,
                      const fs::path& out) {
    const Device device = session.common.chosen_device();
    std::vector<Job> jobs;
    for (const report::NotebookRun* run : chosen_runs(options.runs))
        for (int i = 0; i < options.seeds; ++i) {
            Job job{run->run, usual_config(session, session.registry.model(run->model), located, device), {}};
            job.config.limit = options.data.limit;
            job.config.load = options.data.load_options();
            job.config.epochs = options.epochs > 0 ? options.epochs : run->epochs();
            job.config.batch_size = run->batch_size;
            job.config.seed = first_seed(*run, session.common.seed) + static_cast<std::uint64_t>(i);
            job.folder = out / run->run / fmt::format("seed{}", job.config.seed);
            jobs.push_back(std::move(job));
        }
    return jobs;
}

// The training of a job: a new one, or the one that its folder holds. Throws Error if that is another one.
TrainingRun open_run(const Session& session, const Job& job) {
    if (!fs::exists(job.folder / "config.json")) return new_run(session, job.config, job.folder);
    train::RunConfig begun = train::read_config(job.folder);
    std::vector<std::string> others = differences(begun, options_of(job.config));
    if (begun.train_hash != job.config.train_hash || begun.test_hash != job.config.test_hash)
        others.push_back(fmt::format("other images of {} (it was begun with {})", job.config.dataset, begun.dataset));
    check(others.empty(), "{} holds another run: {}; name another folder: --out DIR", job.folder.string(),
          fmt::join(others, ", "));
    begun.threads = job.config.threads;
    begun.data_folder = job.config.data_folder;
    return resumed_run(session, begun, job.folder);
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4f}", value); }

// The test accuracy of each run, and for runs on CIFAR-10 whether it agrees with the notebook.
void print_comparison(const std::vector<report::ReproducedRun>& reproduced) {
    using enum Align;
    TextTable table({left, right, right, right, right, right, right, left});
    table.add({"run", "seeds", "test accuracy", "lowest", "highest", "last 5 epochs", "notebook's", ""});
    for (const report::RepeatedRun& run : report::read_repeated_runs(reproduced))
        table.add({run.name, std::to_string(run.seeds.size()), number(run.test().accuracy),
                   number(run.lowest_accuracy()), number(run.highest_accuracy()), number(run.last_five()),
                   number(run.notebook_last_five()), run.notebook ? run.verdict() : ""});
    say("\n{}\"last 5 epochs\" is the mean validation accuracy of the last five epochs.\n", table.str());
}

int reproduce(const Session& session, const Options& options) {
    chosen_runs(options.runs);  // an unknown name is refused before the data is looked for
    const data::Located located = load_data(options.data);
    const fs::path out = output_folder(options, located.split.train.name);
    const std::vector<Job> jobs = plan(session, options, located, out);
    bool begun = false;
    for (const Job& job : jobs) {
        if (!train::holds_results(job.folder)) continue;
        begun = true;
        open_run(session, job);  // refuses a folder of other runs before an hour has passed
    }
    const train::ResultsFolder held = train::make_results_folder(out, session.command_line, begun);
    say("output  {}\n", out.string());

    const Interrupt interrupt;
    std::vector<report::ReproducedRun> reproduced;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const Job& job = jobs[i];
        TrainingRun run = open_run(session, job);
        if (reproduced.empty() || reproduced.back().run != job.run) reproduced.push_back({job.run, {}});
        reproduced.back().seeds.push_back(job.folder);
        say("\n[{}/{}] {}: {}, {} with batches of {}, seed {}", i + 1, jobs.size(), job.run, job.config.model,
            counted(job.config.epochs, "epoch"), job.config.batch_size, job.config.seed);
        if (run.complete()) {
            say(" is complete\n");
            continue;
        }
        if (!run.checkpoint.empty()) say(" goes on after epoch {}", run.state.history.epochs.size());
        say("\n");
        train_and_test(run, located.split, interrupt, false);
        if (interrupt.signal() == 0) continue;
        say("The same command goes on from here.\n");
        return 128 + interrupt.signal();
    }

    const std::string missing = report::write_comparison(out, reproduced, {.mistakes = {}, .png = options.png});
    if (!missing.empty()) warn(missing);
    print_comparison(reproduced);
    say("\nwrote   {}: comparison.csv, report.html, figures/\n", out.string());
    return 0;
}

}  // namespace

void add_reproduce_command(const Command& program, Session& session) {
    if (session.registry.chapters().empty()) return;  // the runs are of the chapters' models
    add_command<Options>(
        program, session, {"reproduce", "repeat the notebooks' nine runs and compare with their numbers", details},
        [](const Command& command, Options& options) {
            command.texts("RUN", options.runs, "runs of the notebooks (default: all nine)");
            add_data_options(command, options.data);
            command.whole("--epochs", options.epochs, "epochs of every run (default: the notebook's)");
            command.whole("--seeds", options.seeds, "train every run N times, from --seed on (default 1)", {1, 1000});
            command.text("--out", options.out, "DIR",
                         "output folder (default: runs/reproduce-DATASET, with\n"
                         "-epochsN and -limitN where these are given)");
            command.flag("--png", options.png, "draw every figure as PNG too");
        },
        reproduce);
}

}  // namespace cairn::app
