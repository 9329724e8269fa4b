#include "cairn/app/summary_table.h"

#include "cairn/app/text.h"

#include <nlohmann/json.hpp>

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

}  // namespace

std::string summary_table(const nn::Model& model, const std::string& name) {
    // A chain needs no names of what a layer takes; with branches Keras adds a column for them.
    const bool branches = has_branches(model);
    TextTable table({Align::left, Align::left, Align::right, branches ? Align::left : Align::hidden});
    table.add({"Layer (type)", "Output shape", "Param #", "Connected to"});
    for (const nn::NamedLayer& layer : model.layers()) {
        if (layer.from.empty() && !branches) continue;  // the input
        table.add({fmt::format("{} ({})", layer.name, layer.layer->type()), with_batch(layer.output),
                   grouped(count_parameters(*layer.layer)),
                   fmt::format("{}", fmt::join(inputs_of(model, layer), ", "))});
    }
    const std::vector<std::string> lines = table.lines();
    const std::string thin(width_of(lines.front()), '-'), thick(width_of(lines.front()), '=');

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
                          {"inputs", inputs_of(model, layer)}});
    return {{"model", name},
            {"layers", layers},
            {"trainable_parameters", model.count_parameters(true)},
            {"non_trainable_parameters", model.count_parameters(false)},
            {"flops_per_image", model.flops()}};
}

}  // namespace cairn::app
