#include "cairn/train/gradcheck_layers.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/train/gradients.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace cairn::train {

namespace {

// For each layer but the input a direction for its output to move along: its gradient, every number of which is drawn out or
// drawn in by up to a half, with norm 1. Undefined where there is none.
Tensors directions_of(const nn::Model& model, const Batch& batch, const nn::Call& call, std::uint64_t seed) {
    const Device device = batch.images.device();
    const std::size_t layers = model.layers().size();
    Tensors zero(layers), directions(layers);
    for (std::size_t i = 1; i < layers; ++i)
        zero[i] =
            autograd::variable(zeros(model.layers()[i].output.prepend(batch.images.dim(0)), DType::float64, device));
    model.clear_gradients();
    autograd::backward(batch_loss_by_layer(model, batch, call, zero).loss);
    RandomStream random({seed, stream_of(Purpose::gradcheck, 2), 0});
    for (std::size_t i = 1; i < layers; ++i) {
        const Tensor gradient = autograd::gradient(zero[i]);
        if (!gradient.defined()) continue;
        std::vector<double> values = gradient.to_vector<double>();
        double squares = 0;
        for (double& value : values) value *= 0.5 + random.uniform(), squares += value * value;
        if (squares == 0) continue;
        const double even = 1 / std::sqrt(static_cast<double>(values.size()));  // where the gradient is not a number
        for (double& value : values) value = std::isfinite(squares) ? value / std::sqrt(squares) : even;
        directions[i] = from_values(gradient.shape(), values, device);
    }
    return directions;
}

std::string with_type(const nn::NamedLayer& layer) { return fmt::format("{} ({})", layer.name, layer.layer->type()); }

}  // namespace

std::set<std::size_t> gradcheck_layers(const nn::Model& model, const Batch& batch, const nn::Call& call,
                                       const autograd::GradcheckOptions& options) {
    const Tensors directions = directions_of(model, batch, call, options.seed);
    std::vector<std::size_t> checked;
    Tensors distances;
    for (std::size_t i = 0; i < directions.size(); ++i) {
        if (!directions[i].defined()) continue;
        checked.push_back(i);
        distances.push_back(zeros({1}, DType::float64, batch.images.device()));
    }
    const auto loss = [&](const Tensors& along) {
        Tensors added(directions.size());
        for (std::size_t k = 0; k < checked.size(); ++k) added[checked[k]] = ops::mul(directions[checked[k]], along[k]);
        return batch_loss_by_layer(model, batch, call, added).loss;
    };
    autograd::GradcheckOptions one_by_one = options;
    one_by_one.coordinates = one_by_one.directions = 0;
    const autograd::GradcheckReport report = autograd::gradcheck(loss, distances, one_by_one);
    std::set<std::size_t> wrong;
    for (std::size_t k = 0; k < checked.size(); ++k)
        if (!(report.parts[k].error < options.tolerance)) wrong.insert(checked[k]);
    return wrong;
}

std::string where_to_look(const nn::Model& model, const std::vector<autograd::GradcheckReport::Part>& parameters,
                          const std::set<std::size_t>& wrong_outputs) {
    // A layer whose output gets the right gradient, and that makes a wrong one of it for a parameter.
    std::vector<std::string> places;
    for (std::size_t i = 0; i < model.layers().size(); ++i) {
        if (wrong_outputs.contains(i)) continue;
        for (const auto& part : parameters)
            if (part.name.starts_with(model.layers()[i].name + "/"))
                places.push_back(fmt::format("what arrives at {} is right: look there, at the gradient of its {}",
                                             with_type(model.layers()[i]), part.name.substr(part.name.find('/') + 1)));
    }
    if (!wrong_outputs.empty()) {
        const std::size_t last = *wrong_outputs.rbegin();
        std::vector<std::string> takers;
        for (const nn::NamedLayer& layer : model.layers())
            if (std::ranges::count(layer.from, last) > 0) takers.push_back(with_type(layer));
        if (takers.empty()) places.emplace_back("the gradient of the loss itself is wrong: look there");
        else
            places.push_back(fmt::format("all is right behind {}: look there, at the gradient of {} input",
                                         fmt::join(takers, " and "), takers.size() == 1 ? "its" : "their"));
    }
    if (places.empty())
        return "computed one by one, all layers have right gradients: look at the ops that compute two layers in one "
               "(framework/nn/fusion.cpp)";
    return fmt::format("{}", fmt::join(places, "; "));
}

}  // namespace cairn::train
