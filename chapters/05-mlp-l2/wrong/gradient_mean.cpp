// part: add_penalty_gradients
// the gradient is divided by the number of weights: that of a mean of squares.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].kernel.size(); ++i)
            d[l].dkernel[i] += 2 * layers[l].lambda * layers[l].kernel[i] / static_cast<double>(layers[l].kernel.size());
}

}  // namespace exercise
