// part: without_penalty
// half of the penalty is subtracted: cairn's, like Keras's, is λ Σ w² without a half.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    for (const Array& kernel : kernels)
        for (const double weight : kernel.values) loss -= lambda * weight * weight / 2;
    return loss;
}

}  // namespace exercise
