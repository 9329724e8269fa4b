// part: without_penalty
// the mean of the squares is taken, not their sum.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    for (const Array& kernel : kernels)
        for (const double weight : kernel.values) loss -= lambda * weight * weight / static_cast<double>(kernel.size());
    return loss;
}

}  // namespace exercise
