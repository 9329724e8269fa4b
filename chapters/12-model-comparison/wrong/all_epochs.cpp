// part: last_five
// the mean runs over all epochs.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double last_five(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

}  // namespace exercise
