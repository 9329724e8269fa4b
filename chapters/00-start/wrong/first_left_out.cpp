// part: mean
// the loop begins at 1: element 0 is left out.
#include "chapters/00-start/exercise.h"

namespace exercise {

double mean(const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 1; i < x.size(); ++i) sum += x[i];
    return sum / static_cast<double>(x.size());
}

}  // namespace exercise
