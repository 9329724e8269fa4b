// part: chance
// it is asked only whether the mean of a is larger: a claim from the seeds that happened to be drawn.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double chance(const std::vector<double>& a, const std::vector<double>& b) {
    double of_a = 0, of_b = 0;
    for (const double value : a) of_a += value / static_cast<double>(a.size());
    for (const double value : b) of_b += value / static_cast<double>(b.size());
    return of_a > of_b ? 0 : 1;
}

}  // namespace exercise
