// part: without_penalty
// the loss is returned with its penalty, and cannot be compared with that of a model that has none.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    return loss;
}

}  // namespace exercise
