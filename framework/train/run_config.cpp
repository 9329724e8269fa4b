#include "cairn/train/run_config.h"

#include "cairn/core/error.h"
#include "cairn/io/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace cairn::train {

namespace {

using io::Json;

template <typename T>
Json write(const T& value) {
    return value;
}
Json write(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
Json write(const Hash& hash) { return fmt::format("{:016x}", hash.value); }
Json write(const data::ImageSize& size) { return {size.height, size.width}; }
Json write(const Shape& shape) { return std::vector<std::int64_t>(shape.begin(), shape.end()); }
Json write(optim::Schedule::Kind kind) { return optim::name_of(kind); }
Json write(const data::Augmentation& how) { return {{"flip", how.flip}, {"shift", how.shift}}; }

// nlohmann's own conversions cut 16.9 down to 16, and wrap what is too large.
template <typename T>
void read(const Json& json, T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
        json.get_to(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        check(json.is_number() && json.get<T>() >= 0 && std::isfinite(json.get<T>()),
              "must be a number, 0 or more, not {}", json.dump());
        json.get_to(value);
    } else {
        const bool natural = json.is_number_integer() && (json.is_number_unsigned() || json.get<std::int64_t>() >= 0);
        check(natural && std::in_range<T>(json.get<std::uint64_t>()), "must be a whole number from 0 to {}, not {}",
              std::numeric_limits<T>::max(), json.dump());
        json.get_to(value);
    }
}
template <typename T>
void read(const Json& json, std::vector<T>& values) {
    check(json.is_array(), "must be a list, not {}", json.dump());
    values.clear();
    for (const Json& one : json) read(one, values.emplace_back());
}
void read(const Json& json, std::optional<double>& value) {
    if (json.is_null()) value.reset();
    else read(json, value.emplace());
}
void read(const Json& json, Hash& hash) {
    const auto text = json.get<std::string>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash.value, 16);
    check(!text.empty() && error == std::errc() && end == text.data() + text.size(),
          "must be a hash of up to 16 hexadecimal digits, not {}", json.dump());
}
void read(const Json& json, data::ImageSize& size) {
    check(json.is_array() && json.size() == 2, "must be a height and a width, not {}", json.dump());
    read(json[0], size.height);
    read(json[1], size.width);
}
void read(const Json& json, Shape& shape) {
    std::vector<std::int64_t> dims;
    read(json, dims);
    check(!dims.empty() && dims.size() <= Shape::max_rank &&
              std::ranges::all_of(dims, [](std::int64_t dim) { return dim >= 1; }),
          "must be a list of 1 to {} sizes above 0, not {}", Shape::max_rank, json.dump());
    shape = {};
    for (const std::int64_t dim : dims) shape = shape.append(dim);
}
void read(const Json& json, optim::Schedule::Kind& kind) { kind = optim::parse_schedule(json); }
void read(const Json& json, data::Augmentation& how) {
    read(json.at("flip"), how.flip);
    read(json.at("shift"), how.shift);
}

// What a training cannot be begun with; the loss, the optimizer and the schedule check their own numbers.
void check_counts(const RunConfig& config) {
    constexpr int most_threads = 1024;
    check(config.epochs >= 1, "\"epochs\" must be 1 or more, not {}", config.epochs);
    check(config.batch_size >= 1, "\"batch_size\" must be 1 or more, not {}", config.batch_size);
    check(config.threads >= 1 && config.threads <= most_threads, "\"threads\" must be from 1 to {}, not {}",
          most_threads, config.threads);
}

}  // namespace

Json to_json(const RunConfig& config) {
    Json json;
    for_each_setting(config, [&](const char* name, const auto& value, const char*) { json[name] = write(value); });
    return json;
}

RunConfig config_of(const Json& json, bool partly) {
    RunConfig config;
    std::set<std::string> later{"convolution"};
    const auto is_later = [&](const char* name, auto&, const char*) { later.insert(name); };
    for_each_later_setting_of_data(config, is_later);
    for_each_later_setting(config, is_later);
    for_each_setting(config, [&](const char* name, auto& value, const char*) {
        if (!json.contains(name) && (partly || later.contains(name))) return;
        const Json& setting = json.at(name);
        try {
            read(setting, value);
        } catch (const std::exception& error) {  // of JSON too
            fail("\"{}\": {}", name, error.what());
        }
    });
    if (!partly) check_counts(config);
    return config;
}

Json deciding_settings(const RunConfig& config) {
    static const std::set<std::string> free{"data_folder", "save_best", "threads", "command"};
    const Json usual = to_json({}), all = to_json(config);
    Json json;
    for (const auto& [name, value] : all.items()) {
        const bool decides = name == "epochs" ? optim::depends_on_epochs(config.schedule.kind) : !free.contains(name);
        if (decides && value != usual[name]) json[name] = value;
    }
    return json;
}

RunConfig read_config(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    std::error_code ignored;  // what cannot be looked at fails when it is read
    check(std::filesystem::exists(path, ignored) || ignored,
          "{} holds no run: there is no config.json; name the output folder of a training run", folder.string());
    constexpr std::uint64_t most_bytes = 4'000'000;
    try {
        return config_of(io::read_json(path, most_bytes, "copy it again"));
    } catch (const std::exception& error) {  // of JSON too
        fail("{} does not describe a run of this version of cairn ({}); train it anew", path.string(), error.what());
    }
}

}  // namespace cairn::train
