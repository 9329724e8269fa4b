// part: foldable
// only convolutions are taken; a dense layer is linear as well.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 1; i < layers.size(); ++i) flags[i] = layers[i] == "batch_norm" && layers[i - 1] == "conv";
    return flags;
}

}  // namespace exercise
