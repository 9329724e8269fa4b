// Reading what run_folder.cpp wrote.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/run_folder.h"
#include "cairn/train/weights.h"

#include <nlohmann/json.hpp>

namespace cairn::train {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json read_object(const fs::path& path) {
    Json json = Json::parse(read_file(path), nullptr, false);
    check(json.is_object(), "{} is not a JSON object; it is written by {} train: run that again", path.string(),
          program().command);
    return json;
}

// The member as a T; the fallback if there is none or if it is null.
template <typename T>
T get(const Json& json, const char* name, T fallback) {
    return json.contains(name) && !json.at(name).is_null() ? json.at(name).get<T>() : fallback;
}

void flatten(const Json& json, const std::string& prefix, std::vector<std::pair<std::string, std::string>>& into) {
    for (const auto& [name, value] : json.items()) {
        if (value.is_object()) flatten(value, prefix + name + " ", into);
        else into.emplace_back(prefix + name, value.is_string() ? value.get<std::string>() : value.dump());
    }
}

metrics::Scores scores(const Json& json) {
    metrics::Scores result;
    for (const auto& [name, score] : metrics::named_scores) result.*score = get(json, name, metrics::unknown);
    result.confusion = metrics::ConfusionMatrix(get(json, "confusion", metrics::Counts{}));
    return result;
}

}  // namespace

RunRecord read_run(const fs::path& folder) {
    const Json config = read_object(folder / "config.json"), metrics = read_object(folder / "metrics.json");
    const std::vector<std::uint8_t> history = read_file(folder / "history.csv");
    RunRecord run;
    run.folder = folder;
    run.history.epochs = parse_csv({reinterpret_cast<const char*>(history.data()), history.size()});
    try {
        run.config = config_of(config, true);
        run.hardware = get<std::string>(config, "hardware", "");
        run.revision = get<std::string>(get(config, "cairn", Json::object()), "revision", "");
        flatten(config, "", run.configuration);
        run.history.interrupted = get(metrics, "interrupted", false);
        run.parameters = get<std::int64_t>(metrics, "parameters", 0);
        run.flops_per_image = get(metrics, "flops_per_image", 0.0);
        run.seconds = get(metrics, "seconds", metrics::unknown);
        run.test = scores(get(metrics, "test", Json::object()));
        run.train = scores(get(metrics, "train", Json::object()));
    } catch (const std::exception& error) {  // of JSON, of stoull, or of what they are not
        fail("{}: config.json or metrics.json is not as {} train writes it: {}", folder.string(), program().command,
             error.what());
    }
    if (const fs::path weights = folder / "model.safetensors"; fs::exists(weights))
        run.classes = class_names(io::read_safetensors_header(weights).metadata);
    return run;
}

}  // namespace cairn::train
