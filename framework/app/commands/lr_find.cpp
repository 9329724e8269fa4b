// cairn lr-find MODEL: which learning rate to begin with.
#include "cairn/app/commands/commands.h"
#include "cairn/app/interrupt.h"
#include "cairn/app/output.h"
#include "cairn/app/recipe_options.h"
#include "cairn/app/text.h"
#include "cairn/app/training_run.h"
#include "cairn/backend/devices.h"
#include "cairn/report/rate_figure.h"
#include "cairn/train/find_rate.h"
#include "cairn/train/weights.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;
using train::RateCurve;
using train::RateStep;

constexpr const char* details =
    "Trains for some steps, each at a higher learning rate than the one before, and prints the loss against the\n"
    "rate (Smith 2015). The loss is smoothed over the last ten steps or so; the training ends when it is four\n"
    "times its lowest. The rate that is suggested is a tenth of the one where it is lowest. It is a place to\n"
    "begin, for this optimizer and batch size.\n"
    "With --out it writes learning-rate.csv, .gnuplot and, if gnuplot is installed, .svg into a folder.\n"
    "The model that was trained so is not kept.";

struct Options {
    std::string model;
    DataOptions data;
    std::int64_t batch_size = 0;  // 0: the model's
    double lowest = 1e-5, highest = 1;
    int steps = 300;
    bool augment = false;
    RecipeOptions recipe;
    std::string out;
    bool json = false;
};

// Options of a training that say which rate it has, or begin after its first epochs.
void refuse_rates(const Session& session) {
    for (const char* option : {"--learning-rate", "--schedule", "--warmup-epochs", "--power", "--patience", "--ema"})
        if (session.given.contains(option))
            throw UsageError(fmt::format(
                "{} is of a whole training, and lr-find chooses the rate of each step; leave it out", option));
}

// What there is to say of the number besides it; empty: nothing.
std::string remark(const RateCurve& curve) {
    const double fallen = 1 - curve.lowest().smoothed / curve.steps.front().smoothed;
    if (fallen < 0.1)
        return fmt::format(
            "The loss has fallen by {:.0f} % only, so this number means little: take more --steps, or begin at "
            "another rate, with --lowest.",
            100 * std::max(0.0, fallen));
    if (!curve.diverged && &curve.lowest() == &curve.steps.back())
        return "The loss was still falling at the highest rate: go on, with --highest.";
    return "";
}

Json json_of(const Options& options, const train::RunConfig& config, const RateCurve& curve) {
    Json steps = Json::array();
    for (const RateStep& step : curve.steps)
        steps.push_back({{"rate", step.rate}, {"loss", step.loss}, {"smoothed", step.smoothed}});
    return {{"model", options.model},
            {"dataset", config.dataset},
            {"optimizer", config.optimizer},
            {"batch_size", config.batch_size},
            {"seed", config.seed},
            {"suggested", curve.suggested()},
            {"lowest_loss_at", curve.lowest().rate},
            {"diverged", curve.diverged},
            {"remark", remark(curve)},
            {"steps", steps}};
}

// About twenty lines of the curve, the lowest one marked.
std::string table_of(const RateCurve& curve) {
    TextTable table({Align::right, Align::right, Align::right, Align::left});
    table.add({"rate", "loss", "smoothed", ""});
    const std::size_t every = std::max<std::size_t>(1, curve.steps.size() / 20);
    for (std::size_t i = 0; i < curve.steps.size(); ++i) {
        const RateStep& step = curve.steps[i];
        const bool lowest = &step == &curve.lowest();
        if (i % every != 0 && !lowest && i + 1 != curve.steps.size()) continue;
        table.add({fmt::format("{:.2e}", step.rate), fmt::format("{:.4f}", step.loss),
                   fmt::format("{:.4f}", step.smoothed), lowest ? "lowest" : ""});
    }
    return table.str();
}

void draw(const std::string& folder, const std::string& model, const RateCurve& curve, bool quiet) {
    report::Gnuplot gnuplot(folder);
    gnuplot.draw(report::rate_curve(model, curve));
    if (quiet) return;
    if (!gnuplot.message().empty()) say("{}\n", gnuplot.message());
    say("wrote   {}: learning-rate.csv, .gnuplot{}\n", folder, gnuplot.message().empty() ? " and .svg" : "");
}

train::RunConfig configure(const Session& session, const Options& options, const data::Located& located,
                           const Device& device) {
    train::RunConfig config = usual_config(session, session.registry.model(options.model), located, device);
    if (options.batch_size > 0) config.batch_size = options.batch_size;
    set_recipe(options.recipe, session.given, config);
    config.augmentation = options.augment ? usual_augmentation : data::Augmentation{};
    return config;
}

int find(const Session& session, const Options& options) {
    if (options.lowest >= options.highest)
        throw UsageError(fmt::format("--lowest {:g} must be below --highest {:g}", options.lowest, options.highest));
    refuse_rates(session);
    const Device device = session.common.chosen_device();
    session.registry.model(options.model);
    train::RunConfig refused;
    set_recipe(options.recipe, session.given, refused);
    const data::Located located = load_data(options.data, !options.json);
    const train::RunConfig config = configure(session, options, located, device);
    nn::Model model = model_of(session, config);
    if (!config.weights.empty()) train::start_from_weights(model, config.weights);
    if (!options.json)
        say("model   {}\ndevice  {}: {}\nrun     {} from {:g} to {:g}, batch size {}, {}{}\n\n", options.model,
            config.device, backend(device).description(), counted(options.steps, "step"), options.lowest,
            options.highest, config.batch_size, config.optimizer, recipe_remarks(config));
    const Interrupt interrupt;
    const RateCurve curve = train::find_rate(model, *optimizer_of(config), located.split.train,
                                             {.lowest = options.lowest,
                                              .highest = options.highest,
                                              .steps = options.steps,
                                              .batch_size = config.batch_size,
                                              .seed = config.seed,
                                              .augmentation = config.augmentation,
                                              .loss = loss_of(config),
                                              .class_weight = config.class_weights,
                                              .stop = [&] { return interrupt.signal() != 0; }});
    if (curve.interrupted) {
        complain(fmt::format("Interrupted after {}; nothing is suggested.\n", counted(curve.steps.size(), "step")));
        return 128 + interrupt.signal();
    }
    if (options.json) {
        fmt::print("{}\n", json_of(options, config, curve).dump(2));
    } else {
        say("{}\nsuggested  --learning-rate {:.1e}\n", table_of(curve), curve.suggested());
        if (!remark(curve).empty()) say("{}\n", remark(curve));
    }
    if (!options.out.empty()) draw(options.out, options.model, curve, options.json);
    return 0;
}

}  // namespace

void add_lr_find_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"lr-find", "find a learning rate to begin with", details},
        [](const Command& command, Options& options) {
            add_model_option(command, options.model).required();
            add_data_options(command, options.data);
            command.whole("--batch-size", options.batch_size, "images per step (default: the model's)");
            command.number("--lowest", options.lowest, "the first rate (default 1e-5)");
            command.number("--highest", options.highest, "the last rate (default 1)");
            command.whole("--steps", options.steps, "how many steps (default 300)", {2, 1'000'000});
            command.flag("--augment", options.augment,
                         "mirror training images at random, and shift them by up to 4 pixels");
            add_recipe_options(command, options.recipe);
            command.text("--out", options.out, "DIR", "a folder for the curve and its figure");
            add_json_option(command, options.json);
        },
        find);
}

}  // namespace cairn::app
