#include "train/run_folder.h"

#include "backend/devices.h"
#include "core/build_info.h"
#include "core/file.h"
#include "train/checkpoint.h"
#include "train/weights.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace cairn::train {

namespace {

using Json = nlohmann::ordered_json;

void write_json(const std::filesystem::path& path, const Json& json) {
    // A path or a command line may hold bytes that are not UTF-8.
    write_file(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

// Six significant digits are more than a run's noise; JSON has no word for a number that is not finite.
Json rounded(double value) {
    return std::isfinite(value) ? Json(std::stod(fmt::format("{:.6g}", value))) : Json(nullptr);
}

Json confusion_json(const metrics::ConfusionMatrix& confusion) {
    Json rows = Json::array();
    for (int actual = 0; actual < confusion.classes(); ++actual) {
        Json row = Json::array();
        for (int predicted = 0; predicted < confusion.classes(); ++predicted)
            row.push_back(confusion.count(actual, predicted));
        rows.push_back(row);
    }
    return rows;
}

Json scores_json(const Evaluation& evaluation) {
    const metrics::MacroScores macro = evaluation.confusion.macro();
    return {{"loss", rounded(evaluation.loss)},
            {"accuracy", rounded(evaluation.accuracy)},
            {"precision", rounded(macro.precision)},
            {"recall", rounded(macro.recall)},
            {"f1", rounded(macro.f1)},
            {"confusion", confusion_json(evaluation.confusion)}};
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }  // JSON's numbers are doubles

void save(const std::filesystem::path& path, const RunConfig& config, const nn::Model& model,
          const std::vector<std::string>& classes, const History& history) {
    save_weights(model, path,
                 {{"model", config.model},
                  {"dataset", config.dataset},
                  {"classes", fmt::format("{}", fmt::join(classes, ","))},
                  {"version", build::version},
                  {"seed", std::to_string(config.seed)},
                  {"epochs", std::to_string(history.epochs.size())}});
}

Json about_cairn() {
    return {{"version", build::version},
            {"revision", build::revision},
            {"compiler", build::compiler},
            {"build_type", build::type},
            {"flags", build::flags}};
}

// What config.json holds, of whatever version or program; null if it is missing or no JSON.
Json any_config(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    return std::filesystem::exists(path) ? Json::parse(read_file(path), nullptr, false) : Json();
}

bool is_file_of_run(const std::string& name) {
    constexpr std::array<std::string_view, 7> names = {"config.json",      "history.csv",       "history.jsonl",
                                                       "best.safetensors", "model.safetensors", "metrics.json",
                                                       "report.html"};
    return std::ranges::find(names, name) != names.end();
}

// The figures of report::write_run_report, as Gnuplot::draw names their files.
bool is_figure(const std::string& name) {
    for (const char* figure : {"accuracy", "loss", "confusion", "mistakes", "filters"})
        for (const char* ending : {".csv", ".gnuplot", ".svg", ".png", "-pixels.png"})
            if (name == std::string(figure) + ending) return true;
    return false;
}

}  // namespace

bool holds_results(const std::filesystem::path& folder) { return any_config(folder).contains("cairn"); }

bool make_results_folder(const std::filesystem::path& path, const std::string& command, bool ours) {
    const bool is_new = !std::filesystem::exists(path);
    claim_folder(path, "config.json", ours || holds_results(path));
    if (!any_config(path).contains("model"))
        write_json(path / "config.json", {{"command", command}, {"cairn", about_cairn()}});
    return is_new;
}

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {
    claim_folder(path_, "config.json", holds_results(path_));
}

void RunFolder::write_config(const RunConfig& config) const {
    Json json;
    json["model"] = config.model;
    json["dataset"] = config.dataset;
    json["data_folder"] = config.data_folder;
    json["limit"] = config.limit;
    json["train_images"] = config.train_images;
    json["test_images"] = config.test_images;
    json["train_hash"] = hash_text(config.train_hash);
    json["test_hash"] = hash_text(config.test_hash);
    json["epochs"] = config.epochs;
    json["batch_size"] = config.batch_size;
    json["optimizer"] = config.optimizer;
    json["learning_rate"] = config.learning_rate;
    json["schedule"] = optim::name_of(config.schedule.kind);
    json["warmup_epochs"] = config.schedule.warmup_epochs;
    json["augmentation"] = {{"flip", config.augmentation.flip}, {"shift", config.augmentation.shift}};
    json["early_stopping"] = config.early_stopping;
    json["save_best"] = config.save_best;
    json["seed"] = config.seed;
    json["device"] = config.device;
    json["threads"] = config.threads;
    json["command"] = config.command;
    json["hardware"] = backend(Device::parse(config.device)).description();
    json["cairn"] = about_cairn();
    write_json(path_ / "config.json", json);
}

RunConfig read_config(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    check(std::filesystem::exists(path),
          "{} holds no run: there is no config.json; name the output folder of a training run", folder.string());
    const std::vector<std::uint8_t> text = read_file(path);
    try {
        const Json json = Json::parse(text);
        const auto hash = [&](const char* key) { return std::stoull(json.at(key).get<std::string>(), nullptr, 16); };
        const Json& augmentation = json.at("augmentation");
        return {.model = json.at("model"),
                .dataset = json.at("dataset"),
                .data_folder = json.at("data_folder"),
                .limit = json.at("limit"),
                .train_images = json.at("train_images"),
                .test_images = json.at("test_images"),
                .train_hash = hash("train_hash"),
                .test_hash = hash("test_hash"),
                .epochs = json.at("epochs"),
                .batch_size = json.at("batch_size"),
                .optimizer = json.at("optimizer"),
                .learning_rate = json.at("learning_rate"),
                .schedule = {optim::parse_schedule(json.at("schedule")), json.at("warmup_epochs")},
                .augmentation = {augmentation.at("flip"), augmentation.at("shift")},
                .early_stopping = json.at("early_stopping"),
                .save_best = json.at("save_best"),
                .seed = json.at("seed"),
                .threads = json.at("threads"),
                .device = json.at("device"),
                .command = json.at("command")};
    } catch (const std::exception& error) {  // of JSON, or of stoull
        fail("{} does not describe a run of this version of cairn ({}); train it anew", path.string(), error.what());
    }
}

void RunFolder::begin() const {
    go_on();
    remove_files(checkpoints(), is_checkpoint);
    remove_files(path_ / "figures", is_figure);
    remove_files(path_, [](const std::string& name) { return name == "best.safetensors"; });
    std::error_code not_empty;
    std::filesystem::remove(path_ / "figures", not_empty);
}

void RunFolder::go_on() const {
    remove_leftovers(path_, is_file_of_run);
    remove_leftovers(path_ / "figures", is_figure);
    remove_files(path_, [](const std::string& name) { return name == "metrics.json" || name == "report.html"; });
}

void RunFolder::write_history(const History& history) const {
    write_file(path_ / "history.csv", history.csv());
    write_file(path_ / "history.jsonl", history.jsonl());
}

void RunFolder::write_metrics(const RunConfig& config, const nn::Model& model, const History& history,
                              const Evaluation& test, const Evaluation* train) const {
    Json json;
    json["model"] = config.model;
    json["dataset"] = config.dataset;
    json["seed"] = config.seed;
    json["epochs"] = history.epochs.size();
    json["interrupted"] = history.interrupted;
    json["parameters"] = model.count_parameters(true) + model.count_parameters(false);
    json["flops_per_image"] = model.flops();
    json["seconds"] = rounded(history.seconds());
    json["test"] = scores_json(test);
    if (train != nullptr) json["train"] = scores_json(*train);
    write_json(path_ / "metrics.json", json);
}

void RunFolder::write_weights(const RunConfig& config, const nn::Model& model, const std::vector<std::string>& classes,
                              const History& history) const {
    save(weights(), config, model, classes, history);
}

void RunFolder::write_best(const RunConfig& config, const nn::Model& model, const std::vector<std::string>& classes,
                           const History& history) const {
    save(path_ / "best.safetensors", config, model, classes, history);
}

}  // namespace cairn::train
