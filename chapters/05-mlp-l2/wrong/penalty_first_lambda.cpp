// part: penalty
// all layers are penalized with the first one's λ.
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
    for (const Layer& layer : layers) sum += layers.front().lambda * squares_of(layer.kernel);
    return sum;
}

}  // namespace exercise
