// part: score
// v stands inside of tanh: tanh(v (p x + q y + r)).
#include "chapters/01-scalars/exercise.h"

namespace exercise {

Value score(const std::vector<Value>& weights, double x, double y) {
    Value sum = weights.back();
    for (std::size_t h = 0; h + 4 < weights.size(); h += 4)
        sum = sum + tanh(weights[h + 3] * (weights[h] * x + weights[h + 1] * y + weights[h + 2]));
    return sum;
}

}  // namespace exercise
