// part: penalty
// the penalty is that of L1, the sum of the absolute values.
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>

namespace exercise {

namespace {

double squares_of(const Array& w) {
    double sum = 0;
    for (const double value : w.values) sum += std::abs(value);
    return sum;
}

}  // namespace

double penalty(const std::vector<Layer>& layers) {
    double sum = 0;
    for (const Layer& layer : layers) sum += layer.lambda * squares_of(layer.kernel);
    return sum;
}

}  // namespace exercise
