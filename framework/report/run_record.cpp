#include "report/run_record.h"

#include "core/error.h"
#include "core/file.h"
#include "io/safetensors.h"
#include "train/weights.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <sstream>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

std::string read_text(const fs::path& path) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

Json read_json(const fs::path& path) {
    Json json = Json::parse(read_text(path), nullptr, false);
    check(json.is_object(), "{} is not a JSON object; it is written by ./cairn train: run that again", path.string());
    return json;
}

// The member as a T; the fallback if there is none or if it is null.
template <typename T>
T get(const Json& json, const char* key, T fallback) {
    return json.contains(key) && !json.at(key).is_null() ? json.at(key).get<T>() : fallback;
}

std::optional<double> number(const Json& json, const char* key) {
    return json.contains(key) && json.at(key).is_number() ? std::optional(json.at(key).get<double>()) : std::nullopt;
}

void flatten(const Json& json, const std::string& prefix, std::vector<std::pair<std::string, std::string>>& into) {
    for (const auto& [name, value] : json.items()) {
        if (value.is_object()) flatten(value, prefix + name + " ", into);
        else into.emplace_back(prefix + name, value.is_string() ? value.get<std::string>() : value.dump());
    }
}

Scores scores(const Json& metrics, const char* key) {
    if (!metrics.contains(key)) return {};
    const Json& json = metrics.at(key);
    Scores result{number(json, "loss"),   number(json, "accuracy"), number(json, "precision"),
                  number(json, "recall"), number(json, "f1"),       {}};
    if (json.contains("confusion")) result.confusion = json.at("confusion");
    for (const auto& row : result.confusion)
        check(row.size() == result.confusion.size(), "the confusion matrix of '{}' is not square", key);
    return result;
}

// The columns of a CSV file of numbers by their names; an entry that is no number becomes NaN.
std::map<std::string, std::vector<double>> read_columns(const std::string& text) {
    std::istringstream lines(text);
    std::string line, cell;
    std::vector<std::string> names;
    std::map<std::string, std::vector<double>> columns;
    if (std::getline(lines, line))
        for (std::istringstream cells(line); std::getline(cells, cell, ',');) names.push_back(cell);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        for (const std::string& name : names) {
            cell.clear();
            std::getline(cells, cell, ',');
            char* end = nullptr;
            const double value = std::strtod(cell.c_str(), &end);
            columns[name].push_back(end == cell.c_str() ? std::nan("") : value);
        }
    }
    return columns;
}

}  // namespace

std::string RunRecord::value(const std::string& name) const {
    for (const auto& [key, text] : configuration)
        if (key == name) return text;
    return "";
}

RunRecord read_run(const fs::path& folder) {
    RunRecord run;
    run.folder = folder;
    const Json config = read_json(folder / "config.json"), metrics = read_json(folder / "metrics.json");
    try {
        flatten(config, "", run.configuration);
        run.model = config.at("model");
        run.dataset = config.at("dataset");
        run.device = get<std::string>(config, "device", "");
        run.hardware = get<std::string>(config, "hardware", "");
        run.command = get<std::string>(config, "command", "");
        run.seed = get<std::uint64_t>(config, "seed", 0);
        run.interrupted = get(metrics, "interrupted", false);
        run.parameters = get<std::int64_t>(metrics, "parameters", 0);
        run.flops_per_image = get(metrics, "flops_per_image", 0.0);
        run.seconds = number(metrics, "seconds");
        run.test = scores(metrics, "test");
        run.train = scores(metrics, "train");
    } catch (const nlohmann::json::exception& error) {
        fail("{}: config.json or metrics.json is not as ./cairn train writes it: {}", folder.string(), error.what());
    }
    auto columns = read_columns(read_text(folder / "history.csv"));
    run.curves = {run.model, columns["accuracy"], columns["loss"], columns["val_accuracy"], columns["val_loss"]};
    if (const fs::path weights = folder / "model.safetensors"; fs::exists(weights))
        run.classes = train::class_names(io::read_safetensors_header(weights).metadata);
    return run;
}

std::vector<std::string> differences(const RunRecord& run, const NotebookRun& notebook) {
    std::vector<std::string> found;
    const auto compare = [&](const std::string& name, const std::string& is, const std::string& was) {
        if (!is.empty() && is != was) found.push_back(fmt::format("{} {} instead of {}", name, is, was));
    };
    compare("epochs", std::to_string(run.epochs()), std::to_string(notebook.epochs()));
    compare("batch size", run.value("batch_size"), std::to_string(notebook.batch_size));
    compare("training images", run.value("train_images"), "50000");
    compare("test images", run.value("test_images"), "10000");
    compare("optimizer", run.value("optimizer"), "adam");
    compare("learning rate", run.value("learning_rate"), "0.001");
    compare("learning-rate schedule", run.value("schedule"), "constant");
    if (run.value("augmentation flip") == "true") found.emplace_back("random flips instead of none");
    if (const std::string shift = run.value("augmentation shift"); !shift.empty() && shift != "0")
        found.push_back(fmt::format("random shifts of up to {} pixels instead of none", shift));
    return found;
}

}  // namespace cairn::report
