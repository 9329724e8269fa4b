#include "app/summary_table.h"

#include "app/text.h"

#include <algorithm>

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

}  // namespace

std::vector<std::string> inputs_of(const nn::Model& model, const nn::NamedLayer& layer) {
    std::vector<std::string> names;
    for (const std::size_t from : layer.from) names.push_back(model.layers()[from].name);
    return names;
}

std::int64_t count_parameters(const nn::Layer& layer) {
    std::int64_t count = 0;
    for (const auto& parameter : layer.parameters()) count += parameter->shape.size();
    return count;
}

std::string summary_table(const nn::Model& model, const std::string& name) {
    // A chain needs no names of what a layer takes; with branches Keras adds a column for them.
    const bool branches = has_branches(model);
    std::vector<Align> columns = {Align::left, Align::left, Align::right};
    if (branches) columns.push_back(Align::left);
    TextTable table(columns);
    const auto add = [&](std::vector<std::string> row, const std::string& connections) {
        if (branches) row.push_back(connections);
        table.add(row);
    };
    add({"Layer (type)", "Output shape", "Param #"}, "Connected to");
    for (const nn::NamedLayer& layer : model.layers()) {
        if (layer.from.empty() && !branches) continue;  // the input
        add({fmt::format("{} ({})", layer.name, layer.layer->type()), with_batch(layer.output),
             grouped(count_parameters(*layer.layer))},
            fmt::format("{}", fmt::join(inputs_of(model, layer), ", ")));
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

}  // namespace cairn::app
