#include "cairn/report/layer_figures.h"

#include "cairn/report/embedded.h"
#include "cairn/report/wording.h"

#include <algorithm>

namespace cairn::report {

namespace {

constexpr std::size_t most_layers = 26;

bool is_shown(const train::LayerValues& layer, bool many) {
    static const std::vector<std::string> idle{"Flatten",       "Reshape",    "Dropout",     "SpatialDropout2D",
                                               "GaussianNoise", "RandomFlip", "Rescaling",   "RandomTranslation",
                                               "ZeroPadding2D", "Cropping2D", "UpSampling2D"};
    return many ? layer.has_kernel : std::ranges::find(idle, layer.type) == idle.end();
}

// A figure of layers with these names: of each state a row for each, which `numbers` writes.
struct LayerFigure {
    std::string name, title, axis, columns;
    bool logarithmic = false, spreads = true;
};

template <typename Rows>
Figure figure_of(const LayerFigure& what, const std::vector<InspectedState>& states,
                 const std::vector<std::string>& names, const Rows& numbers) {
    std::string csv = "layer,state," + what.columns + ",name\n";
    for (std::size_t s = 0; s < states.size(); ++s)
        for (std::size_t l = 0; l < names.size(); ++l)
            csv += fmt::format("{},{},{},{}\n", l, s, numbers(states[s], l), names[l]);
    std::vector<std::string> layers, of_states;
    for (const std::string& name : names) layers.push_back(gnuplot_tic(name));
    for (const InspectedState& state : states) of_states.push_back(gnuplot_string(state.name));
    std::string commands = fmt::format("axis = {}\nlogarithmic = {:d}\nspreads = {:d}\n", gnuplot_string(what.axis),
                                       what.logarithmic, what.spreads);
    commands += gnuplot_array("layers", layers) + gnuplot_array("states", of_states);
    commands += embedded::layers;
    const int width = std::max(640, 140 + 38 * static_cast<int>(names.size()));
    return {.name = what.name, .title = what.title, .csv = csv, .commands = commands, .width = width, .height = 520};
}

std::string row_of(const Spread& s) {
    return fmt::format("{},{},{},{},{}", field(s.low), field(s.lower), field(s.median), field(s.upper), field(s.high));
}

constexpr const char* spread_columns = "5th percentile,lower quartile,median,upper quartile,95th percentile";

}  // namespace

Spread spread_of(std::vector<float> values) {
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    if (values.empty()) return {std::nan(""), std::nan(""), std::nan(""), std::nan(""), std::nan("")};
    const auto quantile = [&](double share) {
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
        std::ranges::nth_element(values, at);
        return static_cast<double>(*at);
    };
    return {quantile(0.05), quantile(0.25), quantile(0.5), quantile(0.75), quantile(0.95)};
}

InspectedState inspected_state(const std::string& name, const std::vector<train::LayerValues>& values) {
    InspectedState state{.name = name, .layers = {}, .weights = {}, .filters = {}};
    const auto shown = std::ranges::count_if(values, [](const auto& layer) { return is_shown(layer, false); });
    for (const train::LayerValues& layer : values) {
        if (!is_shown(layer, static_cast<std::size_t>(shown) > most_layers)) continue;
        std::vector<float> sizes;
        for (const float gradient : layer.gradients)
            if (gradient != 0) sizes.push_back(std::log10(std::abs(gradient)));
        state.layers.push_back({.name = layer.name,
                                .activations = spread_of(layer.activations),
                                .gradients = spread_of(std::move(sizes)),
                                .parameter_gradient = layer.has_parameters ? layer.parameter_gradient : std::nan("")});
    }
    return state;
}

std::vector<Figure> layer_figures(const std::vector<InspectedState>& states) {
    std::vector<std::string> layers, trained, kernels;
    std::vector<std::size_t> trained_at;
    for (const InspectedState::Layer& layer : states.front().layers) {
        if (!std::isnan(layer.parameter_gradient)) {
            trained_at.push_back(layers.size());
            trained.push_back(layer.name);
        }
        layers.push_back(layer.name);
    }
    for (const InspectedState::Weights& weights : states.front().weights) kernels.push_back(weights.name);

    std::vector<Figure> figures;
    if (!layers.empty()) {
        figures.push_back(
            figure_of({"activations", "Activations by layer", "output of the layer", spread_columns}, states, layers,
                      [](const InspectedState& state, std::size_t l) { return row_of(state.layers[l].activations); }));
        figures.push_back(figure_of(
            {"gradients", "Gradients by layer", "log10 of |d loss / d output|", spread_columns}, states, layers,
            [](const InspectedState& state, std::size_t l) { return row_of(state.layers[l].gradients); }));
    }
    if (!trained.empty())
        figures.push_back(figure_of(
            {"gradient-norms", "Norm of the gradient by layer", "|d loss / d parameters|", "norm", true, false}, states,
            trained, [&](const InspectedState& state, std::size_t l) {
                const double norm = state.layers[trained_at[l]].parameter_gradient;
                return norm > 0 ? field(norm) : "NaN";
            }));
    if (!kernels.empty())
        figures.push_back(
            figure_of({"weights", "Weights by layer", "weight", spread_columns}, states, kernels,
                      [](const InspectedState& state, std::size_t l) { return row_of(state.weights[l].spread); }));
    return figures;
}

}  // namespace cairn::report
