// part: without_penalty
// the penalty is added once more.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    for (const Array& kernel : kernels)
        for (const double weight : kernel.values) loss += lambda * weight * weight;
    return loss;
}

}  // namespace exercise
