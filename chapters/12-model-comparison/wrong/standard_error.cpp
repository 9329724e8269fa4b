// part: spread
// the deviation is divided by √n: the error of the mean, not the spread of the seeds.
#include "chapters/12-model-comparison/exercise.h"

#include <cmath>

namespace exercise {

Spread spread(const std::vector<double>& results) {
    const auto n = static_cast<double>(results.size());
    double mean = 0, squares = 0;
    for (const double result : results) mean += result / n;
    for (const double result : results) squares += (result - mean) * (result - mean);
    if (results.size() == 1) return {mean, std::nan("")};
    return {mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace exercise
