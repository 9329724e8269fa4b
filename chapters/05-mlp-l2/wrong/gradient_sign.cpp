// part: add_penalty_gradients
// the gradient is that of L1: λ times the sign of w.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].kernel.size(); ++i)
            d[l].dkernel[i] += layers[l].kernel[i] > 0 ? layers[l].lambda : -layers[l].lambda;
}

}  // namespace exercise
