// part: penalty
// the root is taken: λ |W| instead of λ |W|².
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>

namespace exercise {

namespace {

double squares_of(const Array& w) {
    double sum = 0;
    for (const double value : w.values) sum += value * value;
    return sum;
}

}  // namespace

double penalty(const std::vector<Layer>& layers) {
    double sum = 0;
    for (const Layer& layer : layers) sum += layer.lambda * std::sqrt(squares_of(layer.kernel));
    return sum;
}

}  // namespace exercise
