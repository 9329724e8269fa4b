// part: last_five
// the sum is divided by five where there are fewer epochs.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double last_five(const std::vector<double>& values) {
    double sum = 0;
    for (std::size_t i = values.size() > 5 ? values.size() - 5 : 0; i < values.size(); ++i) sum += values[i];
    return sum / 5;
}

}  // namespace exercise
