// part: mean
// the loop runs to i <= x.size(), and x[x.size()] lies behind the last element.
#include "chapters/00-start/exercise.h"

namespace exercise {

double mean(const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i <= x.size(); ++i) sum += x[i];
    return sum / static_cast<double>(x.size());
}

}  // namespace exercise
