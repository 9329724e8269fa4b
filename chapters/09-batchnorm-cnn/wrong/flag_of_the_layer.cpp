// part: foldable
// the flag of the layer before is set, not that of the batch norm.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 1; i < layers.size(); ++i) flags[i - 1] = layers[i] == "batch_norm" && (layers[i - 1] == "conv" || layers[i - 1] == "dense");
    return flags;
}

}  // namespace exercise
