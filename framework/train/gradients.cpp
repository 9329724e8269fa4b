#include "cairn/train/gradients.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"

namespace cairn::train {

BatchLoss batch_loss(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    // The penalty comes first, so that backward comes to it last and adds to the layers' gradients.
    const Tensor penalty = model.penalty();
    Tensors of_outputs;
    nn::Call with_penalties = call;
    with_penalties.penalties = &of_outputs;
    const Tensor logits = model(batch.images, with_penalties);
    const autograd::Scope scope("loss");
    Tensor loss = nn::add_penalties(ops::softmax_cross_entropy(logits, batch.labels), penalty);
    for (const Tensor& of_output : of_outputs) loss = nn::add_penalties(loss, of_output);
    return {loss, logits};
}

BatchLoss gradients(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensor& one) {
    model.clear_gradients();
    BatchLoss result = batch_loss(model, batch, call);
    autograd::backward(result.loss, one);
    model.complete_gradients();
    return result;
}

}  // namespace cairn::train
