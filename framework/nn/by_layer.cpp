#include "cairn/nn/by_layer.h"

#include "cairn/autograd/observer.h"

namespace cairn::nn {

Tensors outputs_by_layer(const Model& model, const Tensor& x, const Call& call, const Tensors& added) {
    Call with_options = call;
    with_options.convolution = model.options().convolution;
    Tensors outputs(model.layers().size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto& [name, layer, from, shape] = model.layers()[i];
        const autograd::Scope scope(name);
        Tensors inputs;
        for (const std::size_t input : from) inputs.push_back(outputs[input]);
        outputs[i] = i == 0 ? x : layer->apply(inputs, with_options);
        if (i < added.size() && added[i].defined()) outputs[i] = ops::add(outputs[i], added[i]);
    }
    return outputs;
}

}  // namespace cairn::nn
