// part: foldable
// a batch norm behind a dropout is counted too: the layer before it is no convolution and no dense layer.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 1; i < layers.size(); ++i) flags[i] = layers[i] == "batch_norm" && (layers[i - 1] == "conv" || layers[i - 1] == "dense" || layers[i - 1] == "dropout");
    return flags;
}

}  // namespace exercise
