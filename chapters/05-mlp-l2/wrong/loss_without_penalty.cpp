// part: batch_loss
// the penalty is left out.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

double batch_loss(const std::vector<double>& cross_entropies, const std::vector<Layer>&) {
    double sum = 0;
    for (const double loss : cross_entropies) sum += loss;
    return sum / static_cast<double>(cross_entropies.size());
}

}  // namespace exercise
