// part: add_penalty_gradients
// the biases get a gradient of the penalty too.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].kernel.size(); ++i)
            d[l].dkernel[i] += 2 * layers[l].lambda * layers[l].kernel[i];
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].bias.size(); ++i)
            d[l].dbias[i] += 2 * layers[l].lambda * layers[l].bias[i];
}

}  // namespace exercise
