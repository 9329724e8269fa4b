// Reading what run_folder.cpp wrote.
#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/data/names.h"
#include "cairn/io/json.h"
#include "cairn/io/limited_file.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/run_folder.h"
#include "cairn/train/weights.h"

namespace cairn::train {

namespace {

namespace fs = std::filesystem;
using io::Json;

constexpr std::uint64_t most_config_bytes = 4'000'000;
constexpr std::uint64_t most_metrics_bytes = 128'000'000;  // two matrices of data::most_classes classes

Json read_object(const fs::path& path, std::uint64_t most) {
    const std::string remedy = fmt::format("it is written by {} train: run that again", program().command);
    Json json = io::read_json(path, most, remedy);
    check(json.is_object(), "{} is not a JSON object; {}", path.string(), remedy);
    return json;
}

// The member as a T; the fallback if there is none or if it is null. Throws Error where it is something else.
template <typename T>
T get(const Json& json, const char* name, T fallback) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? fallback : io::json_as<T>(*found, name);
}

Json object(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return Json::object();
    check(found->is_object(), "\"{}\" is {}; it should be an object", name, io::shown(*found));
    return *found;
}

metrics::Counts counts(const Json& json, const char* name) {
    metrics::Counts result;
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return result;
    check(found->is_array() && found->size() <= data::most_classes,
          "\"{}\" is {}; it should be a list of a row for each of {} classes at most", name, io::shown(*found),
          data::most_classes);
    for (const Json& row : *found) {
        check(row.is_array() && row.size() == found->size(), "\"{}\" is no matrix: one of its {} rows is not as long",
              name, found->size());
        auto& read = result.emplace_back();
        for (const Json& count : row) read.push_back(io::json_as<std::int64_t>(count, name));
    }
    return result;
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
    result.confusion = metrics::ConfusionMatrix(counts(json, "confusion"));
    return result;
}

}  // namespace

RunRecord read_run(const fs::path& folder) {
    std::error_code ignored;
    const bool tested = fs::exists(folder / "metrics.json", ignored) || ignored;
    const Json config = read_object(folder / "config.json", most_config_bytes);
    const Json metrics = tested ? read_object(folder / "metrics.json", most_metrics_bytes) : Json::object();
    const std::vector<std::uint8_t> history = io::read_limited_file(folder / "history.csv", io::most_text_bytes);
    RunRecord run;
    run.folder = folder;
    run.tested = tested;
    try {
        run.history.epochs = parse_csv({reinterpret_cast<const char*>(history.data()), history.size()});
        run.config = config_of(config, true);
        run.hardware = get<std::string>(config, "hardware", "");
        run.revision = get<std::string>(object(config, "cairn"), "revision", "");
        flatten(config, "", run.configuration);
        run.history.interrupted = get(metrics, "interrupted", false);
        run.parameters = get<std::int64_t>(metrics, "parameters", 0);
        run.flops_per_image = get(metrics, "flops_per_image", 0.0);
        run.seconds = get(metrics, "seconds", metrics::unknown);
        run.test = scores(object(metrics, "test"));
        run.train = scores(object(metrics, "train"));
        const int of_test = run.test.confusion.classes(), of_train = run.train.confusion.classes();
        check(of_test == 0 || of_train == 0 || of_test == of_train,
              "the confusion matrices of the test and of the training images have {} and {} classes", of_test,
              of_train);
    } catch (const std::exception& error) {  // of JSON, of stoull, or of what they are not
        fail("{}: config.json, history.csv or metrics.json is not as {} train writes it: {}", folder.string(),
             program().command, error.what());
    }
    if (const fs::path weights = folder / "model.safetensors"; fs::exists(weights, ignored))
        run.classes = class_names(io::read_safetensors_header(weights).metadata);
    return run;
}

}  // namespace cairn::train
