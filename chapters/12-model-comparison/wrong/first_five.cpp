// part: last_five
// the first five epochs are taken.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double last_five(const std::vector<double>& values) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < values.size() && i < 5; ++i) sum += values[i], ++count;
    return sum / count;
}

}  // namespace exercise
