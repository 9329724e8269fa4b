// part: penalty
// the biases are penalized too. They only shift, and holding them back costs more than it helps.
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
    for (const Layer& layer : layers) sum += layer.lambda * (squares_of(layer.kernel) + squares_of(layer.bias));
    return sum;
}

}  // namespace exercise
