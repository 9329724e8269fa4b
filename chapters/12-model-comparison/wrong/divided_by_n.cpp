// part: spread
// the squares are divided by n: the deviation of these seeds from their own mean, which is too small for what others would show. Of a single seed it says 0.
#include "chapters/12-model-comparison/exercise.h"

#include <cmath>

namespace exercise {

Spread spread(const std::vector<double>& results) {
    const auto n = static_cast<double>(results.size());
    double mean = 0, squares = 0;
    for (const double result : results) mean += result / n;
    for (const double result : results) squares += (result - mean) * (result - mean);
    return {mean, std::sqrt(squares / n)};
}

}  // namespace exercise
