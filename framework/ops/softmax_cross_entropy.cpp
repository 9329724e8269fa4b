// softmax_cross_entropy: loss = mean over the batch of -sum_c p[b,c] log_softmax(logits)[b,c]
//   logits (B, C), labels int32 (B) (p is one-hot) or (B, C) (p itself) -> loss ()
//   dlogits[b,c] = dloss / B * (softmax(logits)[b,c] sum_k p[b,k] - p[b,c])
// One op and not log after softmax: where softmax rounds to 0 its logarithm would be -infinity.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/checks.h"
#include "cairn/ops/ops.h"

namespace cairn {

Tensor ops::softmax_cross_entropy(const Tensor& logits, const Tensor& labels) {
    check_labels("softmax_cross_entropy", logits, labels);
    const Tensor loss = empty_like(logits, {});
    backend(logits).softmax_cross_entropy(logits, labels, loss);
    return autograd::differentiable(
        "softmax_cross_entropy", {logits}, loss, [=](const Tensor& dloss, autograd::Gradients& dx) {
            backend(logits).softmax_cross_entropy_backward(logits, labels, dloss, dx.slot(0));
        });
}

}  // namespace cairn
