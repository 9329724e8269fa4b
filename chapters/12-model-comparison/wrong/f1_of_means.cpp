// part: macro_f1
// the F1 of the mean precision and the mean recall is taken, not the mean of the F1 of the classes.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double macro_f1(const Array& counts) {
    const std::size_t n = counts.shape[0];
    std::vector<double> rows(n), columns(n), right(n);
    for (std::size_t i = 0; i < counts.size(); ++i) rows[i / n] += counts[i], columns[i % n] += counts[i];
    for (std::size_t c = 0; c < n; ++c) right[c] = counts[c * n + c];
    double precision = 0, recall = 0;
    for (std::size_t c = 0; c < n; ++c) {
        if (columns[c] > 0) precision += right[c] / columns[c] / static_cast<double>(n);
        if (rows[c] > 0) recall += right[c] / rows[c] / static_cast<double>(n);
    }
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

}  // namespace exercise
