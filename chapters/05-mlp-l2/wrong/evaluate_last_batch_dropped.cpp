// part: evaluate
// a last batch that is smaller than the first is left out.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers) {
    double sum = 0, images = 0;
    for (const std::vector<double>& batch : batches)
        for (const double loss : batch.size() < batches.front().size() ? std::vector<double>() : batch) sum += loss, images += 1;
    return sum / images + penalty(layers);
}

}  // namespace exercise
