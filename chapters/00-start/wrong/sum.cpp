// part: mean
// the sum is not divided by the number of elements.
#include "chapters/00-start/exercise.h"

namespace exercise {

double mean(const std::vector<double>& x) {
    double sum = 0;
    for (const double value : x) sum += value;
    return sum;
}

}  // namespace exercise
