#include "cairn/app/cost_table.h"

#include "cairn/app/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t float_bytes = 4;

double both_passes(const Json& ms) { return ms["forward"].get<double>() + ms["gradients"].get<double>(); }

std::string milliseconds(const Json& ms) { return ms.is_null() ? "-" : fmt::format("{:.3f}", ms.get<double>()); }
std::string percent(const Json& share) {
    return share.is_null() ? "-" : fmt::format("{:.0f} %", 100 * share.get<double>());
}

}  // namespace

std::int64_t activation_bytes(const nn::NamedLayer& layer) { return float_bytes * layer.output.size(); }

std::int64_t parameter_bytes(const nn::NamedLayer& layer) {
    std::int64_t numbers = 0;
    for (const auto& parameter : layer.layer->parameters()) numbers += parameter->shape.size();
    return float_bytes * numbers;
}

Json layer_costs(const Json& step) {
    Json costs = Json::object();
    const double peak = step["multiply_add_flops_per_second"];
    for (const Json& layer : step["layers"]) {
        const double ms = both_passes(layer["ms"]), flops = layer["flops"];
        costs[layer["name"].get<std::string>()] = {
            {"forward_ms", layer["ms"]["forward"]},
            {"backward_ms", layer["ms"]["gradients"]},
            {"multiply_add_share", flops > 0 && ms > 0 ? Json(1e3 * flops / ms / peak) : Json()}};
    }
    return costs;
}

std::string cost_table(const nn::Model& model, const std::string& name, const Json& step) {
    const Json costs = layer_costs(step);
    TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
    table.add({"Layer (type)", "FLOPs", "activations", "parameters", "forward ms", "backward ms", "of peak"});
    std::int64_t activations = 0, parameters = 0;
    double forward = 0, backward = 0;
    for (std::size_t i = 1; i < model.layers().size(); ++i) {
        const nn::NamedLayer& layer = model.layers()[i];
        const Json cost = costs.contains(layer.name)
                              ? costs[layer.name]
                              : Json{{"forward_ms", Json()}, {"backward_ms", Json()}, {"multiply_add_share", Json()}};
        table.add({fmt::format("{} ({})", layer.name, layer.layer->type()), grouped(layer.layer->flops()),
                   memory_size(activation_bytes(layer)), memory_size(parameter_bytes(layer)),
                   milliseconds(cost["forward_ms"]), milliseconds(cost["backward_ms"]),
                   percent(cost["multiply_add_share"])});
        activations += activation_bytes(layer);
        parameters += parameter_bytes(layer);
        if (cost["forward_ms"].is_number()) forward += cost["forward_ms"].get<double>();
        if (cost["backward_ms"].is_number()) backward += cost["backward_ms"].get<double>();
    }
    const auto batch = step["batch"].get<std::int64_t>();
    const double peak = step["multiply_add_flops_per_second"], all = step["flops_per_step"];
    table.add({"all layers", grouped(model.flops()), memory_size(activations), memory_size(parameters),
               fmt::format("{:.3f}", forward), fmt::format("{:.3f}", backward),
               forward + backward > 0 ? percent(Json(1e3 * all / (forward + backward) / peak)) : "-"});
    double others = 0;  // the loss, the optimizer, the batch
    for (const Json& layer : step["layers"])
        if (layer["type"] == "")
            for (const Json& ms : layer["ms"]) others += ms.get<double>();
    return fmt::format(
        "Cost of {}\n"
        "FLOPs, activations and parameters: of one image's forward pass, in float32\n"
        "ms: of a training step with a batch of {} on {} with {}; a layer that is computed in one with that before it "
        "has none\n"
        "of peak: the operations of both passes, as share of {:.0f} GFLOP/s of multiply-adds, measured now\n\n{}\n"
        "Loss, optimizer, batch and the rest: {:.3f} ms. The whole step: {:.3f} ms.\n",
        name, batch, step["device"].get<std::string>(), counted(step["threads"].get<std::int64_t>(), "thread"),
        1e-9 * peak, table.str(), others, step["step_ms"].get<double>());
}

}  // namespace cairn::app
