#include "cairn/train/run_config.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"

#include <nlohmann/json.hpp>

#include <set>

namespace cairn::train {

namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json write(const T& value) {
    return value;
}
Json write(const Hash& hash) { return fmt::format("{:016x}", hash.value); }
Json write(const data::ImageSize& size) { return {size.height, size.width}; }
Json write(const Shape& shape) { return std::vector<std::int64_t>(shape.begin(), shape.end()); }
Json write(optim::Schedule::Kind kind) { return optim::name_of(kind); }
Json write(const data::Augmentation& how) { return {{"flip", how.flip}, {"shift", how.shift}}; }

template <typename T>
void read(const Json& json, T& value) {
    json.get_to(value);
}
void read(const Json& json, Hash& hash) { hash = std::stoull(json.get<std::string>(), nullptr, 16); }
void read(const Json& json, data::ImageSize& size) { size = {json.at(0), json.at(1)}; }
void read(const Json& json, Shape& shape) {
    shape = {};
    for (const Json& dim : json) shape = shape.append(dim.get<std::int64_t>());
}
void read(const Json& json, optim::Schedule::Kind& kind) { kind = optim::parse_schedule(json); }
void read(const Json& json, data::Augmentation& how) { how = {json.at("flip"), json.at("shift")}; }

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
        if (json.contains(name) || (!partly && !later.contains(name))) read(json.at(name), value);
    });
    return config;
}

RunConfig read_config(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "config.json";
    check(std::filesystem::exists(path),
          "{} holds no run: there is no config.json; name the output folder of a training run", folder.string());
    const std::vector<std::uint8_t> text = read_file(path);
    try {
        return config_of(Json::parse(text));
    } catch (const std::exception& error) {  // of JSON, or of stoull
        fail("{} does not describe a run of this version of cairn ({}); train it anew", path.string(), error.what());
    }
}

}  // namespace cairn::train
