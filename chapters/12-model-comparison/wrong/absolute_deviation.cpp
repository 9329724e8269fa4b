// part: spread
// the mean distance from the mean is returned.
#include "chapters/12-model-comparison/exercise.h"

#include <cmath>

namespace exercise {

Spread spread(const std::vector<double>& results) {
    const auto n = static_cast<double>(results.size());
    double mean = 0, squares = 0;
    for (const double result : results) mean += result / n;
    for (const double result : results) squares += (result - mean) * (result - mean);
    if (results.size() == 1) return {mean, std::nan("")};
    double distances = 0;
    for (const double result : results) distances += std::abs(result - mean) / n;
    return {mean, distances};
}

}  // namespace exercise
