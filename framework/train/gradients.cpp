#include "cairn/train/gradients.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"

namespace cairn::train {

BatchLoss batch_loss(const nn::Model& model, const Batch& batch, const nn::Call& call) {
    // The penalty comes first, so that backward comes to it last and adds to the layers' gradients.
    const Tensor penalty = model.penalty();
    const Tensor logits = model(batch.images, call);
    const autograd::Scope scope("loss");
    const Tensor loss = ops::softmax_cross_entropy(logits, batch.labels);
    return {penalty.defined() ? ops::add(loss, penalty) : loss, logits};
}

BatchLoss gradients(const nn::Model& model, const Batch& batch, const nn::Call& call, const Tensor& one) {
    model.clear_gradients();
    BatchLoss result = batch_loss(model, batch, call);
    autograd::backward(result.loss, one);
    model.complete_gradients();
    return result;
}

}  // namespace cairn::train
