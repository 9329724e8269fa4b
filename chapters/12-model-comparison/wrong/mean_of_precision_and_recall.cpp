// part: macro_f1
// the F1 of a class is the plain mean of precision and recall; it is their harmonic mean.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double macro_f1(const Array& counts) {
    const std::size_t n = counts.shape[0];
    std::vector<double> rows(n), columns(n), right(n);
    for (std::size_t i = 0; i < counts.size(); ++i) rows[i / n] += counts[i], columns[i % n] += counts[i];
    for (std::size_t c = 0; c < n; ++c) right[c] = counts[c * n + c];
    double sum = 0;
    for (std::size_t c = 0; c < n; ++c) {
        if (columns[c] > 0) sum += right[c] / columns[c] / 2;
        if (rows[c] > 0) sum += right[c] / rows[c] / 2;
    }
    return sum / static_cast<double>(n);
}

}  // namespace exercise
