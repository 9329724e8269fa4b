// part: spread
// the distance from the lowest to the highest is returned.
#include "chapters/12-model-comparison/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

Spread spread(const std::vector<double>& results) {
    const auto n = static_cast<double>(results.size());
    double mean = 0, squares = 0;
    for (const double result : results) mean += result / n;
    for (const double result : results) squares += (result - mean) * (result - mean);
    if (results.size() == 1) return {mean, std::nan("")};
    const auto [low, high] = std::ranges::minmax(results);
    return {mean, high - low};
}

}  // namespace exercise
