// part: penalty
// the penalty has a factor 1/2: λ/2 Σ W². Many books write it so, to spare the 2 of the derivative; Keras and this chapter do not.
#include "chapters/05-mlp-l2/exercise.h"

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
    for (const Layer& layer : layers) sum += layer.lambda / 2 * squares_of(layer.kernel);
    return sum;
}

}  // namespace exercise
