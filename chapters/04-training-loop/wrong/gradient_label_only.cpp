// part: cross_entropy_gradient
// only the logit of the right class has a gradient; the others appear in the sum of softmax, and have one too.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

Array cross_entropy_gradient(const Array& logits, const std::vector<int>& labels) {
    const std::size_t B = logits.shape[0], C = logits.shape[1];
    Array d(logits.shape);
    for (std::size_t i = 0; i < B; ++i) {
        const double* const row = &logits.values[i * C];
        const double most = *std::max_element(row, row + C);
        double sum = 0;
        for (std::size_t c = 0; c < C; ++c) sum += d[i * C + c] = std::exp(row[c] - most);
        for (std::size_t c = 0; c < C; ++c) {
            const double hot = static_cast<int>(c) == labels[i] ? 1 : 0;
            d[i * C + c] = hot * (d[i * C + c] / sum - hot) / static_cast<double>(B);
        }
    }
    return d;
}

}  // namespace exercise
