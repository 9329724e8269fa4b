// part: score
// the weights are read kind by kind (all p, then all q, …); they lie unit by unit.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

Value score(const std::vector<Value>& weights, double x, double y) {
    Value sum = weights.back();
    const std::size_t units = weights.size() / 4;
    for (std::size_t h = 0; h < units; ++h)
        sum = sum + weights[3 * units + h] * tanh(weights[h] * x + weights[units + h] * y + weights[2 * units + h]);
    return sum;
}

}  // namespace exercise
