// part: add_penalty_gradients
// the factor 2 is missing: the derivative of λ w² is 2 λ w.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].kernel.size(); ++i)
            d[l].dkernel[i] += layers[l].lambda * layers[l].kernel[i];
}

}  // namespace exercise
