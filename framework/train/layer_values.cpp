#include "cairn/train/layer_values.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/nn/by_layer.h"
#include "cairn/train/gradients.h"

#include <algorithm>
#include <cmath>

namespace cairn::train {

namespace {

std::vector<float> floats_of(const Tensor& x) {
    return with_float(x.dtype(), [&]<typename T>() {
        const std::vector<T> values = x.to_vector<T>();
        return std::vector<float>(values.begin(), values.end());
    });
}

// A variable of zeros to be added to the output of layer i, whose gradient it then gets.
Tensor tap(const nn::Model& model, std::size_t i, std::int64_t batch) {
    return autograd::variable(
        zeros(model.layers()[i].output.prepend(batch), model.options().dtype, model.options().device));
}

double norm_of_gradients(const nn::Layer& layer) {
    double squares = 0;
    for (const auto& parameter : layer.parameters()) {
        if (!parameter->trainable) continue;
        if (const Tensor gradient = autograd::gradient(parameter->value); gradient.defined())
            for (const float g : floats_of(gradient)) squares += static_cast<double>(g) * static_cast<double>(g);
    }
    return std::sqrt(squares);
}

// The last layer whose output has places, (H, W, C) with more than one of them; 0 if there is none. A pooling only makes places
// larger that the layer before it still tells apart.
std::size_t last_with_places(const nn::Model& model) {
    for (std::size_t i = model.layers().size() - 1; i > 0; --i) {
        const auto& [name, layer, from, output] = model.layers()[i];
        if (output.rank() == 3 && output[0] * output[1] > 1 && layer->type().find("Pooling") == std::string::npos)
            return i;
    }
    return 0;
}

ClassMap class_map(const Shape& output, std::span<const float> activations, std::span<const float> gradients) {
    const auto places = static_cast<std::size_t>(output[0] * output[1]), channels = static_cast<std::size_t>(output[2]);
    std::vector<double> weights(channels);
    for (std::size_t i = 0; i < places * channels; ++i)
        weights[i % channels] += static_cast<double>(gradients[i]) / static_cast<double>(places);
    ClassMap map{output[0], output[1], std::vector<float>(places)};
    for (std::size_t p = 0; p < places; ++p) {
        double sum = 0;
        for (std::size_t c = 0; c < channels; ++c)
            sum += weights[c] * static_cast<double>(activations[p * channels + c]);
        map.values[p] = static_cast<float>(std::max(0.0, sum));
    }
    if (const float largest = *std::ranges::max_element(map.values); largest > 0)
        for (float& value : map.values) value /= largest;
    return map;
}

}  // namespace

std::vector<LayerValues> layer_values(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    Tensors taps(model.layers().size()), outputs;
    for (std::size_t i = 1; i < taps.size(); ++i) taps[i] = tap(model, i, batch.images.dim(0));
    model.clear_gradients();
    autograd::backward(batch_loss_by_layer(model, batch, call, taps, &outputs).loss);

    std::vector<LayerValues> values;
    for (std::size_t i = 1; i < taps.size(); ++i) {
        const nn::NamedLayer& named = model.layers()[i];
        LayerValues& layer = values.emplace_back(
            LayerValues{.name = named.name, .type = named.layer->type(), .output = named.output, .activations = {}});
        layer.activations = floats_of(outputs[i]);
        if (const Tensor gradient = autograd::gradient(taps[i]); gradient.defined())
            layer.gradients = floats_of(gradient);
        layer.parameter_gradient = norm_of_gradients(*named.layer);
        for (const auto& parameter : named.layer->parameters()) {
            layer.has_parameters = layer.has_parameters || parameter->trainable;
            layer.has_kernel = layer.has_kernel || parameter->name.ends_with("kernel");
        }
    }
    return values;
}

ClassMaps class_maps(const nn::Model& model, const Tensor& images, const std::vector<std::int32_t>& classes) {
    const std::size_t layer = last_with_places(model);
    ClassMaps result;
    if (layer == 0) return result;
    result.layer = model.layers()[layer].name;
    const std::int64_t count = images.dim(0);
    Tensors taps(model.layers().size());
    taps[layer] = tap(model, layer, count);
    model.clear_gradients();
    const Tensors outputs = nn::outputs_by_layer(model, images, {}, taps);
    const Tensor labels = from_values({count}, classes, images.device());
    const Tensor chosen = ops::one_hot(labels, outputs.back().dim(1), outputs.back().dtype());
    autograd::backward(ops::sum(ops::mul(outputs.back(), chosen)));
    model.clear_gradients();

    const Shape& output = model.layers()[layer].output;
    const std::vector<float> activations = floats_of(outputs[layer]),
                             gradients = floats_of(autograd::gradient(taps[layer]));
    const auto size = static_cast<std::size_t>(output.size());
    for (std::size_t i = 0; i < classes.size(); ++i)
        result.maps.push_back(class_map(output, std::span(activations).subspan(i * size, size),
                                        std::span(gradients).subspan(i * size, size)));
    return result;
}

}  // namespace cairn::train
