// part: cross_entropy
// labels are counted from 1.
#include "chapters/04-training-loop/exercise.h"

#include <cmath>

namespace exercise {

double cross_entropy(const Array& logits, const std::vector<int>& labels) {
    const std::size_t B = logits.shape[0], C = logits.shape[1];
    double loss = 0;
    for (std::size_t i = 0; i < B; ++i) {
        const double* const row = &logits.values[i * C];
        const double most = *std::max_element(row, row + C);
        double sum = 0;
        for (std::size_t c = 0; c < C; ++c) sum += std::exp(row[c] - most);
        loss += std::log(sum) - (row[labels[i] == 0 ? static_cast<int>(C) - 1 : labels[i] - 1] - most);
    }
    return loss / static_cast<double>(B);
}

}  // namespace exercise
