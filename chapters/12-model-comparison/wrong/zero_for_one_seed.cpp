// part: spread
// a single seed has the deviation 0, as if nothing could be more certain.
#include "chapters/12-model-comparison/exercise.h"

#include <cmath>

namespace exercise {

Spread spread(const std::vector<double>& results) {
    const auto n = static_cast<double>(results.size());
    double mean = 0, squares = 0;
    for (const double result : results) mean += result / n;
    for (const double result : results) squares += (result - mean) * (result - mean);
    return {mean, results.size() == 1 ? 0 : std::sqrt(squares / (n - 1))};
}

}  // namespace exercise
