#include "train/nan_guard.h"

#include "autograd/graph.h"
#include "backend/backends.h"
#include "train/fit.h"

#include <ranges>

namespace cairn::train {

namespace {

bool finite(const Tensor& x) {
    const Tensor flag = empty({}, DType::int32, x.device());
    backend(x).all_finite(x, flag);
    return flag.item() != 0;
}

// A layer that holds or computes what is not finite, in the order of the forward pass.
std::string forward(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    const autograd::NoGrad guard;
    Tensors outputs{batch.images};
    for (std::size_t i = 1; i < model.layers().size(); ++i) {
        const nn::Model::Placed& placed = model.layers()[i];
        for (const nn::Parameter& parameter : placed.layer->parameters())
            if (!finite(parameter.value)) return fmt::format("stand in {}/{}", placed.name, parameter.name);
        Tensors inputs;
        for (const std::size_t from : placed.from) inputs.push_back(outputs[from]);
        outputs.push_back(placed.layer->forward(inputs, call));
        if (!finite(outputs.back())) return "come out of " + placed.name;
    }
    return "";
}

std::string backward(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    model.clear_gradients();
    const Tensor loss = batch_loss(model, batch.images, batch.labels, call).loss;
    if (!finite(loss)) return "come out of the loss";
    autograd::backward(loss);
    model.complete_gradients();
    const std::vector<nn::Model::NamedParameter> parameters = model.parameters();
    for (const auto& [name, parameter] : parameters | std::views::reverse)
        if (parameter->trainable && !finite(model.gradients().view(parameter->offset, parameter->shape)))
            return "are the gradients of " + name;
    return "";
}

}  // namespace

std::string first_not_finite(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    const std::string where = forward(model, batch, call);
    return where.empty() ? backward(model, batch, call) : where;
}

}  // namespace cairn::train
