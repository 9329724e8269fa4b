#include "report/notebook_runs.h"

#include "report/embedded.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace cairn::report {

namespace {

std::vector<NotebookRun> parse(std::string_view text) {
    std::vector<NotebookRun> runs;
    const nlohmann::json file = nlohmann::json::parse(text);
    for (const nlohmann::json& json : file.at("runs")) {
        const auto maybe = [&](const char* key) {
            return json.contains(key) ? std::optional(json.at(key).get<double>()) : std::nullopt;
        };
        const std::string name = json.at("run");
        runs.push_back({.run = name,
                        .model = json.at("model"),
                        .batch_size = json.at("batch_size"),
                        .batch_norm = json.at("batch_norm"),
                        .training_curve = json.at("training_curve"),
                        .curves = {.name = name,
                                   .accuracy = json.at("accuracy"),
                                   .loss = json.at("loss"),
                                   .val_accuracy = json.at("val_accuracy"),
                                   .val_loss = json.at("val_loss")},
                        .test_accuracy = json.at("test_accuracy"),
                        .test_loss = maybe("test_loss"),
                        .precision = maybe("precision"),
                        .recall = maybe("recall"),
                        .f1 = maybe("f1"),
                        .train_accuracy = maybe("train_accuracy"),
                        .training_seconds = maybe("training_seconds")});
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

std::optional<double> mean_of_last_five(std::span<const double> values) {
    if (values.empty()) return std::nullopt;
    values = values.last(std::min<std::size_t>(5, values.size()));
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace cairn::report
