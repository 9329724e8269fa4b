#include "cairn/train/run_folder.h"

#include "cairn/backend/devices.h"
#include "cairn/core/build_info.h"
#include "cairn/core/file.h"
#include "cairn/io/limited_file.h"
#include "cairn/train/weights.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

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

Json scores_json(const metrics::Scores& scores) {
    Json json;
    for (const auto& [name, score] : metrics::named_scores) json[name] = rounded(scores.*score);
    json["confusion"] = scores.confusion.counts();
    return json;
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
    constexpr std::uint64_t most_bytes = 4'000'000;
    return std::filesystem::exists(path) ? Json::parse(io::read_limited_file(path, most_bytes), nullptr, false)
                                         : Json();
}

bool is_file_of_run(const std::string& name) {
    static const std::set<std::string> names = {"config.json",      "history.csv",       "history.jsonl",
                                                "best.safetensors", "model.safetensors", "metrics.json",
                                                "report.html"};
    return names.contains(name);
}

// The figures of report::write_run_report, as Gnuplot::draw names their files.
bool is_figure(const std::string& name) {
    for (const char* figure : {"accuracy", "loss", "confusion", "mistakes", "filters"})
        for (const char* ending : {".csv", ".gnuplot", ".svg", ".png", "-pixels.png"})
            if (name == std::string(figure) + ending) return true;
    return false;
}

}  // namespace

bool holds_results(const std::filesystem::path& folder) {
    const Json config = any_config(folder);
    return config.contains("cairn") && config["cairn"].is_object() && config["cairn"].contains("revision");
}

ResultsFolder make_results_folder(const std::filesystem::path& path, const std::string& command, bool ours) {
    namespace fs = std::filesystem;
    const bool is_new = !fs::exists(path) || (fs::is_directory(path) && names_in(path).empty());
    FolderLock lock = claim_folder(path, "config.json", ours || holds_results(path));
    if (!any_config(path).contains("model"))
        write_json(path / "config.json", {{"command", command}, {"cairn", about_cairn()}});
    return {std::move(lock), is_new};
}

RunFolder::RunFolder(std::filesystem::path path)
    : path_(std::move(path)), lock_(claim_folder(path_, "config.json", holds_results(path_))) {
    // A run that was received from others must not make cairn write elsewhere.
    for (const std::filesystem::path& folder : {checkpoints(), path_ / "figures"})
        check(!std::filesystem::is_symlink(folder),
              "{} is a link, and a run writes nothing outside of its folder; put a folder in its place",
              folder.string());
}

void RunFolder::save_elsewhere(const RunConfig& config, const std::function<void()>& write) {
    namespace fs = std::filesystem;
    const RunFolder before = *this;
    const fs::path whole = path_.has_filename() ? path_ : path_.parent_path();  // without the / at its end
    const std::string name = whole.filename().string() + "-rescued";
    std::error_code ignored;
    for (const fs::path& parent : {whole.parent_path(), fs::path("."), fs::temp_directory_path(ignored)}) {
        if (!parent.empty() && !fs::is_directory(parent, ignored)) continue;
        fs::path made;
        try {
            made = make_new_folder(parent / name);
            *this = RunFolder(made);
            write_config(config);
            return write();
        } catch (const Error&) {  // the next one may do
            *this = before;
            if (made.empty()) continue;
            remove_files(made, is_file_of_run);
            fs::remove(made, ignored);
        }
    }
    fail("no other folder could be written either");
}

void RunFolder::save(const RunConfig& config, bool last, const Warn& warn, const std::function<void()>& write) {
    try {
        check(lock_.is_at(path_), "cannot write into {}: the folder was removed, moved or unmounted", path_.string());
        write();
    } catch (const Error& error) {
        if (!last && lock_.is_at(path_)) throw;
        try {
            save_elsewhere(config, write);
        } catch (const Error& again) {
            fail("{}; and {}", error.what(), again.what());
        }
        warn(fmt::format("{}. The run is now saved in {}.", error.what(),
                         std::filesystem::absolute(path_).lexically_normal().string()));
    }
}

void RunFolder::write_config(const RunConfig& config) const {
    Json json = to_json(config);
    json["hardware"] = backend(Device::parse(config.device)).description();
    json["cairn"] = about_cairn();
    write_json(path_ / "config.json", json);
}

void RunFolder::begin() const {
    go_on();
    remove_report();
    remove_files(checkpoints(), is_checkpoint);
    remove_files(path_ / "figures", is_figure);
    remove_files(path_, [](const std::string& name) { return name == "best.safetensors"; });
    std::error_code not_empty;
    std::filesystem::remove(path_ / "figures", not_empty);
}

void RunFolder::go_on() const {
    remove_leftovers(path_, is_file_of_run);
    remove_leftovers(path_ / "figures", is_figure);
    remove_files(path_, [](const std::string& name) { return name == "metrics.json"; });
}

void RunFolder::remove_report() const {
    remove_files(path_, [](const std::string& name) { return name == "report.html"; });
}

void RunFolder::write_history(const History& history) const {
    write_file(path_ / "history.csv", history.csv());
    write_file(path_ / "history.jsonl", history.jsonl());
}

void RunFolder::write_metrics(const RunConfig& config, const nn::Model& model, const History& history,
                              const metrics::Scores& test, const metrics::Scores* train) const {
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

void save_run_weights(const std::filesystem::path& path, const RunConfig& config, const nn::Model& model,
                      const std::vector<std::string>& classes, const History& history) {
    std::map<std::string, std::string> metadata{{"model", config.model},
                                                {"dataset", config.dataset},
                                                {"image_shape", fmt::format("{}", fmt::join(config.image_shape, ","))},
                                                {"classes", fmt::format("{}", fmt::join(classes, ","))},
                                                {"version", build::version},
                                                {"revision", build::revision},
                                                {"seed", std::to_string(config.seed)},
                                                {"epochs", std::to_string(history.epochs.size())}};
    if (config.l2) metadata["l2"] = fmt::format("{}", *config.l2);
    save_weights(model, path, metadata);
}

void save_progress(RunFolder& folder, const RunConfig& config, const nn::Model& model,
                   const optim::Optimizer& optimizer, const std::vector<std::string>& classes, const FitState& state,
                   const Warn& warn) {
    const auto write = [&] {
        folder.write_history(state.history);
        // Before the checkpoint: a run that is killed between the two comes to this epoch once more.
        if (config.save_best && state.epoch.batches == 0 && is_best(state.history)) {
            const optim::Averaged averaged(optimizer, model.values());  // what was judged
            save_run_weights(folder.best_weights(), config, model, classes, state.history);
        }
        save_checkpoint(folder.checkpoints(), config, model, optimizer, state);
    };
    try {
        folder.save(config, state.history.interrupted, warn, write);
    } catch (const Error& error) {
        warn(fmt::format("{}. The training goes on, and earlier checkpoints are kept.", error.what()));
    }
}

}  // namespace cairn::train
