// The loss of a batch of logits (B, 10), and its gradient. The middle rung stores what the fused kernel keeps in
// registers: the logarithms of all probabilities.
#include "ladder/ladder.h"

namespace cairn::bench {
namespace {

struct Operands {
    Tensor logits, labels, loss, dloss, dlogits;

    Operands(std::int64_t batch, const Device& device)
        : logits(noise({batch, 10}, device, 1)),
          loss(zeros({}, DType::float32, device)),
          dloss(full({}, 1, DType::float32, device)),
          dlogits(empty_like(logits)) {
        std::vector<std::int32_t> classes(static_cast<std::size_t>(batch));
        for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = static_cast<std::int32_t>(i * 7 % 10);
        labels = from_values({batch}, classes, device);
    }
    void forward() const { backend(logits).softmax_cross_entropy(logits, labels, loss); }
    void backward() const { backend(logits).softmax_cross_entropy_backward(logits, labels, dloss, dlogits); }
};

// loss = -mean of log_softmax at the label
void loss_by_passes(const Operands& o) {
    const Tensor logs = empty_like(o.logits);
    backend(o.logits).log_softmax(o.logits, logs);
    const std::int64_t B = logs.dim(0), C = logs.dim(1);
    double sum = 0;
    for (std::int64_t b = 0; b < B; ++b) sum -= logs.data<float>()[b * C + o.labels.data<std::int32_t>()[b]];
    *o.loss.data<float>() = static_cast<float>(sum / static_cast<double>(B));
}

// dlogits = (softmax - one-hot) / B
void gradient_by_passes(const Operands& o) {
    backend(o.logits).softmax(o.logits, o.dlogits);
    const std::int64_t B = o.logits.dim(0), C = o.logits.dim(1);
    float* d = o.dlogits.data<float>();
    for (std::int64_t b = 0; b < B; ++b) d[b * C + o.labels.data<std::int32_t>()[b]] -= 1;
    for (std::int64_t i = 0; i < B * C; ++i) d[i] /= static_cast<float>(B);
}

const bool added = [] {
    const std::vector<std::string> rungs{"reference", "by_passes", "cpu"};
    for (const std::int64_t batch : {32, 64, 1000}) {
        add_ladder(fmt::format("batch_{}/forward", batch), rungs, [=]() -> Ladder {
            const Operands a(batch, slow), b(batch, fast), c(batch, fast);
            return {.rungs = {{[=] { a.forward(); }, a.loss},
                              {[=] { loss_by_passes(b); }, b.loss},
                              {[=] { c.forward(); }, c.loss}}};
        });
        add_ladder(fmt::format("batch_{}/backward", batch), rungs, [=]() -> Ladder {
            const Operands a(batch, slow), b(batch, fast), c(batch, fast);
            return {.rungs = {{[=] { a.backward(); }, a.dlogits},
                              {[=] { gradient_by_passes(b); }, b.dlogits},
                              {[=] { c.backward(); }, c.dlogits}}};
        });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
