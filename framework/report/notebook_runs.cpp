#include "cairn/report/notebook_runs.h"

#include "cairn/report/embedded.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::report {

namespace {

std::vector<NotebookRun> parse(std::string_view text) {
    std::vector<NotebookRun> runs;
    const nlohmann::json file = nlohmann::json::parse(text);
    for (const nlohmann::json& json : file.at("runs")) {
        const auto maybe = [&](const char* key) { return json.value(key, metrics::unknown); };
        NotebookRun& run = runs.emplace_back();
        run = {.run = json.at("run"),
               .model = json.at("model"),
               .batch_size = json.at("batch_size"),
               .batch_norm = json.at("batch_norm"),
               .training_curve = json.at("training_curve"),
               .curves = {json.at("run"), {}},
               .test = {maybe("test_loss"), json.at("test_accuracy"), maybe("precision"), maybe("recall"), maybe("f1")},
               .train = {.accuracy = maybe("train_accuracy")},
               .seconds = maybe("training_seconds")};
        for (std::size_t e = 0; e < json.at("val_accuracy").size(); ++e)
            run.curves.epochs.push_back({.epoch = static_cast<int>(e) + 1,
                                         .loss = json.at("loss").at(e),
                                         .accuracy = json.at("accuracy").at(e),
                                         .val_loss = json.at("val_loss").at(e),
                                         .val_accuracy = json.at("val_accuracy").at(e)});
    }
    return runs;
}

}  // namespace

const std::vector<NotebookRun>& notebook_runs() {
    static const std::vector<NotebookRun> runs = parse(embedded::notebook_runs);
    return runs;
}

const NotebookRun* notebook_run(const std::string& run) {
    const auto found = std::ranges::find(notebook_runs(), run, &NotebookRun::run);
    return found == notebook_runs().end() ? nullptr : &*found;
}

std::vector<std::string> differences(const train::RunRecord& run, const NotebookRun& notebook) {
    std::vector<std::string> found;
    const auto compare = [&](const char* name, const auto& is, const auto& was) {
        if (is != was) found.push_back(fmt::format("{} {} instead of {}", name, is, was));
    };
    const train::RunConfig& config = run.config;
    compare("epochs", run.epochs(), notebook.epochs());
    compare("batch size", config.batch_size, notebook.batch_size);
    compare("training images", config.train_images, 50'000);
    compare("test images", config.test_images, 10'000);
    compare("optimizer", config.optimizer, "adam");
    compare("learning rate", config.learning_rate, 0.001);
    compare("learning-rate schedule", optim::name_of(config.schedule.kind), "constant");
    const train::RunConfig usual;
    nlohmann::ordered_json is = to_json(config), was = to_json(usual);
    train::for_each_later_setting(usual, [&](const char* name, const auto&, const char*) {
        if (is[name] != was[name])
            found.push_back(fmt::format("{} {} instead of {}", name, is[name].dump(), was[name].dump()));
    });
    if (config.augmentation.flip) found.emplace_back("random flips instead of none");
    if (config.augmentation.shift != 0)
        found.push_back(fmt::format("random shifts of up to {} pixels instead of none", config.augmentation.shift));
    return found;
}

double mean_of_last_five(std::span<const train::EpochRecord> epochs) {
    epochs = epochs.last(std::min<std::size_t>(5, epochs.size()));
    double sum = 0;
    for (const train::EpochRecord& epoch : epochs) sum += epoch.val_accuracy;
    return sum / static_cast<double>(epochs.size());  // 0 / 0 is NaN
}

}  // namespace cairn::report
