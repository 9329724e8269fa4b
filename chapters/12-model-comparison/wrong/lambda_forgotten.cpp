// part: without_penalty
// the squares are subtracted without λ.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    for (const Array& kernel : kernels)
        for (const double weight : kernel.values) loss -= weight * weight;
    (void)lambda;
    return loss;
}

}  // namespace exercise
