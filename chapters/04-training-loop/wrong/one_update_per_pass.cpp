// part: train_epoch
// there is one update, after the last batch.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

namespace {

// The loss of a batch, whose gradients are then in the parameters.
double gradients(Model& model, const Data& part) {
    for (Parameter* p : model.parameters()) std::fill(p->gradient.values.begin(), p->gradient.values.end(), 0.0);
    const Array logits = model.forward(part.images, true);
    model.backward(cross_entropy_gradient(logits, part.labels));
    return cross_entropy(logits, part.labels);
}

}  // namespace

double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update) {
    double sum = 0;
    for (const Range& range : batches(data.size(), batch)) {
        sum += gradients(model, data.part(range.first, range.count)) * static_cast<double>(range.count);
    }
    update(model.parameters());
    return sum / static_cast<double>(data.size());
}

}  // namespace exercise
