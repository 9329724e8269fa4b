// part: train_epoch
// the update comes before backward: it uses the gradients of the batch before.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

double train_epoch(Model& model, const Data& data, std::size_t batch, const Update& update) {
    double sum = 0;
    for (const Range& range : batches(data.size(), batch)) {
        const Data part = data.part(range.first, range.count);
        const Array logits = model.forward(part.images, true);
        update(model.parameters());
        for (Parameter* p : model.parameters()) std::fill(p->gradient.values.begin(), p->gradient.values.end(), 0.0);
        model.backward(cross_entropy_gradient(logits, part.labels));
        sum += cross_entropy(logits, part.labels) * static_cast<double>(range.count);
    }
    return sum / static_cast<double>(data.size());
}

}  // namespace exercise
