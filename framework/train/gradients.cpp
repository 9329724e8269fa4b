#include "cairn/train/gradients.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/nn/by_layer.h"

namespace cairn::train {

namespace {

// The loss of what `forward` computes: a function of the call.
template <typename Forward>
BatchLoss loss_of(const Forward& forward, const nn::Model& model, const Batch& batch, const nn::Call& call,
                  const nn::Loss& loss) {
    // The penalty comes first, so that backward comes to it last and adds to the layers' gradients.
    const Tensor penalty = model.penalty();
    Tensors of_outputs;
    nn::Call with_penalties = call;
    with_penalties.penalties = &of_outputs;
    const Tensor logits = forward(with_penalties);
    const autograd::Scope scope("loss");
    Tensor all = nn::add_penalties(loss(logits, batch.labels, batch.weights), penalty);
    for (const Tensor& of_output : of_outputs) all = nn::add_penalties(all, of_output);
    return {all, logits};
}

}  // namespace

BatchLoss batch_loss(const nn::Model& model, const Batch& batch, const nn::Call& call, const nn::Loss& loss) {
    return loss_of([&](const nn::Call& with_penalties) { return model(batch.images, with_penalties); }, model, batch,
                   call, loss);
}

BatchLoss batch_loss_by_layer(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensors& added,
                              Tensors* outputs) {
    const auto forward = [&](const nn::Call& with_penalties) {
        const Tensors all = nn::outputs_by_layer(model, batch.images, with_penalties, added);
        if (outputs) *outputs = all;
        return all.back();
    };
    return loss_of(forward, model, batch, call, {});
}

BatchLoss gradients(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensor& one,
                    const nn::Loss& loss) {
    model.clear_gradients();
    BatchLoss result = batch_loss(model, batch, call, loss);
    autograd::backward(result.loss, one);
    model.complete_gradients();
    return result;
}

}  // namespace cairn::train
