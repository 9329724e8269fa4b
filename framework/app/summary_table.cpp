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

}  // namespace

std::int64_t count_parameters(const nn::Layer& layer) {
    std::int64_t count = 0;
    for (const nn::Parameter& parameter : layer.parameters()) count += parameter.shape.size();
    return count;
}

std::string summary_table(const nn::Model& model, const std::string& name) {
    TextTable table({Align::left, Align::left, Align::right});
    table.add({"Layer (type)", "Output shape", "Param #"});
    for (const nn::Model::Placed& placed : model.layers()) {
        if (placed.from.empty()) continue;  // the input
        table.add({fmt::format("{} ({})", placed.name, placed.layer->type()), with_batch(placed.output),
                   grouped(count_parameters(*placed.layer))});
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
