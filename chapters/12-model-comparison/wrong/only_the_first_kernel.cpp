// part: without_penalty
// only the first kernel is counted.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    if (kernels.empty()) return loss;
    for (const double weight : kernels[0].values) loss -= lambda * weight * weight;
    return loss;
}

}  // namespace exercise
