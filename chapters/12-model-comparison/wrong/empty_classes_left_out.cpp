// part: macro_f1
// the mean runs over the classes with an F1 above 0 only, and is divided by their number.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double macro_f1(const Array& counts) {
    const std::size_t n = counts.shape[0];
    std::vector<double> rows(n), columns(n), right(n);
    for (std::size_t i = 0; i < counts.size(); ++i) rows[i / n] += counts[i], columns[i % n] += counts[i];
    for (std::size_t c = 0; c < n; ++c) right[c] = counts[c * n + c];
    double sum = 0, count = 0;
    for (std::size_t c = 0; c < n; ++c)
        if (right[c] > 0) sum += 2 * right[c] / (rows[c] + columns[c]), ++count;
    return count == 0 ? 0 : sum / count;
}

}  // namespace exercise
