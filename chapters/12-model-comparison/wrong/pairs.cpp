// part: chance
// pairs of one result of a and one of b are compared, and those counted in which b is as good; that is another question.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double chance(const std::vector<double>& a, const std::vector<double>& b) {
    double pairs = 0;
    for (const double one : a)
        for (const double other : b) pairs += other >= one;
    return pairs / static_cast<double>(a.size() * b.size());
}

}  // namespace exercise
