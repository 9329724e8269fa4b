// part: foldable
// the batch norms are found that can be folded into the layer behind them.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 0; i + 1 < layers.size(); ++i)
        flags[i] = layers[i] == "batch_norm" && (layers[i + 1] == "conv" || layers[i + 1] == "dense");
    return flags;
}

}  // namespace exercise
