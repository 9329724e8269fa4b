// part: report
// the best seed is reported for all of them: seed picking.
#include "chapters/14-capstone/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

Report report(const std::vector<Run>& runs) {
    std::vector<double> scores;
    for (const Run& run : runs)
        scores.push_back(run.test[static_cast<std::size_t>(std::ranges::max_element(run.validation) - run.validation.begin())]);
    const auto n = static_cast<double>(scores.size());
    double mean = 0, squares = 0;
    for (const double score : scores) mean = std::max(mean, score);
    for (const double score : scores) squares += (score - mean) * (score - mean);
    return {mean, std::sqrt(squares / (n - 1))};
}

}  // namespace exercise
