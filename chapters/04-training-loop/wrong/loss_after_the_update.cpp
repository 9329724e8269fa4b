// part: train_epoch
// the loss is measured after the update of its batch: it looks better than it was.
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
        const Data part = data.part(range.first, range.count);
        gradients(model, part);
        update(model.parameters());
        sum += cross_entropy(model.forward(part.images, true), part.labels) * static_cast<double>(range.count);
    }
    return sum / static_cast<double>(data.size());
}

}  // namespace exercise
