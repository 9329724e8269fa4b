// part: last_five
// four epochs are taken.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double last_five(const std::vector<double>& values) {
    double sum = 0, count = 0;
    for (std::size_t i = values.size(); i-- > 0 && count < 4; ++count) sum += values[i];
    return sum / count;
}

}  // namespace exercise
