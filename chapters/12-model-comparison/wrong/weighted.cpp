// part: macro_f1
// each class counts by its number of images; in a macro score all count the same.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double macro_f1(const Array& counts) {
    const std::size_t n = counts.shape[0];
    std::vector<double> rows(n), columns(n), right(n);
    for (std::size_t i = 0; i < counts.size(); ++i) rows[i / n] += counts[i], columns[i % n] += counts[i];
    for (std::size_t c = 0; c < n; ++c) right[c] = counts[c * n + c];
    double sum = 0, all = 0;
    for (std::size_t c = 0; c < n; ++c) {
        all += rows[c];
        if (rows[c] + columns[c] > 0) sum += rows[c] * 2 * right[c] / (rows[c] + columns[c]);
    }
    return sum / all;
}

}  // namespace exercise
