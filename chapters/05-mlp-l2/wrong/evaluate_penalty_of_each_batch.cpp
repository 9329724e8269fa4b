// part: evaluate
// the penalty is counted once for each batch.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers) {
    double sum = 0, images = 0;
    for (const std::vector<double>& batch : batches)
        for (const double loss : batch) sum += loss, images += 1;
    return sum / images + static_cast<double>(batches.size()) * penalty(layers);
}

}  // namespace exercise
