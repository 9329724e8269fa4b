#include "cairn/app/summary_table.h"

#include "cairn/app/cost_table.h"
#include "cairn/app/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace cairn::app {

namespace {

// (30, 30, 32) -> "(None, 30, 30, 32)", as Keras writes a shape whose batch is not known.
std::string with_batch(const Shape& shape) { return fmt::format("(None, {})", fmt::join(shape, ", ")); }

std::string with_size(std::int64_t parameters) {
    return fmt::format("{} ({})", grouped(parameters),
                       memory_size(parameters * static_cast<std::int64_t>(size_of(DType::float32))));
}

// Whether a layer takes anything but the output of the one before it.
bool has_branches(const nn::Model& model) {
    for (std::size_t i = 1; i < model.layers().size(); ++i)
        if (model.layers()[i].from != std::vector<std::size_t>{i - 1}) return true;
    return false;
}

// The names of the layers whose outputs a layer takes.
std::vector<std::string> inputs_of(const nn::Model& model, const nn::NamedLayer& layer) {
    std::vector<std::string> names;
    for (const std::size_t from : layer.from) names.push_back(model.layers()[from].name);
    return names;
}

// Of one layer, moving statistics included.
std::int64_t count_parameters(const nn::Layer& layer) {
    std::int64_t count = 0;
    for (const auto& parameter : layer.parameters()) count += parameter->shape.size();
    return count;
}

std::string text_of(const nn::Settings::Value& value) {
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
    if (const auto* sizes = std::get_if<nn::Settings::Sizes>(&value))
        return fmt::format("{}", fmt::join(*sizes, " x "));
    return std::get<std::string>(value);
}

// What a layer was made with, but for what is usual: "3 x 3, same, relu, kernel l2 0.001".
std::string settings_text(const nn::Layer& layer) {
    static const std::set<std::string> told_by_value{"kernel_size", "pool_size", "padding", "activation"};
    std::vector<std::string> texts;
    const nn::Settings settings = layer.settings();
    for (const auto& [name, value, is_usual] : settings.all()) {
        if (is_usual) continue;
        std::string words = name;
        std::ranges::replace(words, '_', ' ');
        texts.push_back(told_by_value.contains(name) ? text_of(value) : words + " " + text_of(value));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

nlohmann::ordered_json settings_json(const nn::Layer& layer) {
    auto json = nlohmann::ordered_json::object();
    const nn::Settings settings = layer.settings();
    for (const auto& setting : settings.all())
        std::visit([&](const auto& value) { json[setting.name] = value; }, setting.value);
    return json;
}

}  // namespace

std::string summary_table(const nn::Model& model, const std::string& name) {
    // A chain needs no names of what a layer takes; with branches Keras adds a column for them.
    const bool branches = has_branches(model);
    TextTable table({Align::left, Align::left, Align::right, Align::left, branches ? Align::left : Align::hidden});
    table.add({"Layer (type)", "Output shape", "Param #", "Settings", "Connected to"});
    for (const nn::NamedLayer& layer : model.layers()) {
        if (layer.from.empty() && !branches) continue;  // the input
        table.add({fmt::format("{} ({})", layer.name, layer.layer->type()), with_batch(layer.output),
                   grouped(count_parameters(*layer.layer)), settings_text(*layer.layer),
                   fmt::format("{}", fmt::join(inputs_of(model, layer), ", "))});
    }
    const std::vector<std::string> lines = table.lines();
    std::size_t width = 0;
    for (const std::string& line : lines) width = std::max(width, width_of(line));
    const std::string thin(width, '-'), thick(width, '=');

    const std::int64_t trainable = model.count_parameters(true), fixed = model.count_parameters(false);
    std::string text = fmt::format("Model: {}\n{}\n{}\n{}\n", name, thin, lines.front(), thick);
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) text += *line + "\n";
    text += thick + "\n";
    text += fmt::format("Total params: {}\n", with_size(trainable + fixed));
    text += fmt::format("Trainable params: {}\n", with_size(trainable));
    text += fmt::format("Non-trainable params: {}\n", with_size(fixed));
    text += fmt::format("FLOPs per image: {} (forward; a multiplication and an addition count as two)\n",
                        grouped(model.flops()));
    return text + thin + "\n";
}

nlohmann::ordered_json summary_json(const nn::Model& model, const std::string& name) {
    auto layers = nlohmann::ordered_json::array();
    for (const nn::NamedLayer& layer : model.layers())
        layers.push_back({{"name", layer.name},
                          {"type", layer.layer->type()},
                          {"output_shape", std::vector<std::int64_t>(layer.output.begin(), layer.output.end())},
                          {"parameters", count_parameters(*layer.layer)},
                          {"flops_per_image", layer.layer->flops()},
                          {"activation_bytes", activation_bytes(layer)},
                          {"parameter_bytes", parameter_bytes(layer)},
                          {"settings", settings_json(*layer.layer)},
                          {"inputs", inputs_of(model, layer)}});
    return {{"model", name},
            {"layers", layers},
            {"trainable_parameters", model.count_parameters(true)},
            {"non_trainable_parameters", model.count_parameters(false)},
            {"flops_per_image", model.flops()}};
}

}  // namespace cairn::app
