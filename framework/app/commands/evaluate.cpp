// cairn evaluate RUN, cairn evaluate MODEL --weights F: how good trained weights are on a data set.
#include "cairn/train/evaluate.h"
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/app/trained_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
    WeightsOptions trained;
    DataOptions data;
    std::string split = "test";
    bool json = false;
};

constexpr std::size_t most_columns = 16;     // a table of more classes is wider than a terminal
constexpr std::size_t most_confusions = 20;  // that are told of many classes

// A row per actual class, a column per predicted one.
std::string confusion_table(const metrics::ConfusionMatrix& confusion, const std::vector<std::string>& classes) {
    std::vector<Align> columns(classes.size() + 1, Align::right);
    columns.front() = Align::left;
    TextTable table(columns);
    std::vector<std::string> head{"actual \\ predicted"};
    head.insert(head.end(), classes.begin(), classes.end());
    table.add(head);
    for (int actual = 0; actual < confusion.classes(); ++actual) {
        std::vector<std::string> row{classes[static_cast<std::size_t>(actual)]};
        for (int predicted = 0; predicted < confusion.classes(); ++predicted)
            row.push_back(std::to_string(confusion.count(actual, predicted)));
        table.add(row);
    }
    return table.str();
}

// What is taken for what most often, a row each.
std::string common_confusions(const metrics::ConfusionMatrix& confusion, const std::vector<std::string>& classes) {
    struct Confusion {
        std::int64_t count;
        std::size_t actual, predicted;
    };
    std::vector<Confusion> found;
    const metrics::Counts& counts = confusion.counts();
    for (std::size_t actual = 0; actual < counts.size(); ++actual)
        for (std::size_t predicted = 0; predicted < counts.size(); ++predicted)
            if (actual != predicted && counts[actual][predicted] > 0)
                found.push_back({counts[actual][predicted], actual, predicted});
    std::ranges::stable_sort(found, std::ranges::greater(), &Confusion::count);
    const std::size_t shown = std::min(found.size(), most_confusions);
    TextTable table({Align::left, Align::left, Align::right});
    table.add({"actual", "predicted", "images"});
    for (const Confusion& c : std::span(found).first(shown))
        table.add({classes[c.actual], classes[c.predicted], grouped(c.count)});
    return fmt::format("The {} most common of {} confusions (all counts: --json)\n\n{}", shown, found.size(),
                       table.str());
}

Json evaluation_json(const Options& options, const TrainedModel& trained, const data::Dataset& dataset,
                     const train::Evaluation& result) {
    return {{"model", trained.name},       {"weights", trained.file.string()},
            {"dataset", dataset.name},     {"split", options.split},
            {"images", dataset.size()},    {"loss", result.loss},
            {"accuracy", result.accuracy}, {"precision", result.precision},
            {"recall", result.recall},     {"f1", result.f1},
            {"classes", dataset.classes},  {"confusion", result.confusion.counts()}};
}

int evaluate_model(const Session& session, const Options& options) {
    const TrainedModel trained = load_trained_model(session, options.trained);
    const data::Located located = load_data_for(trained, options.data, !options.json);
    const data::Dataset& dataset = options.split == "train" ? located.split.train : located.split.test;
    const train::Evaluation result = train::evaluate(trained.model, dataset);
    if (options.json) {
        fmt::print(
            "{}\n",
            evaluation_json(options, trained, dataset, result).dump(2, ' ', false, Json::error_handler_t::replace));
        return 0;
    }
    fmt::print("{} with {} on {} {} images\n\n", trained.name, trained.file.string(), grouped(dataset.size()),
               options.split);
    fmt::print("loss {:.4f}  accuracy {:.4f}\n", result.loss, result.accuracy);
    fmt::print("macro precision {:.4f}  recall {:.4f}  F1 {:.4f}\n\n", result.precision, result.recall, result.f1);
    fmt::print("{}", dataset.classes.size() <= most_columns ? confusion_table(result.confusion, dataset.classes)
                                                            : common_confusions(result.confusion, dataset.classes));
    return 0;
}

}  // namespace

void add_evaluate_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session,
        {"evaluate", "test a trained model: loss, accuracy, precision, recall, F1, confusions",
         "Without --data a run is tested on its own images, which are looked for where they were for its training.\n"
         "Writes no files."},
        [](const Command& command, Options& options) {
            add_weights_options(command, options.trained);
            add_data_options(command, options.data);
            command.text("--split", options.split, "SPLIT", "which images: train or test (default)")
                .among({"train", "test"});
            add_json_option(command, options.json);
        },
        evaluate_model);
}

}  // namespace cairn::app
