// part: foldable
// a batch norm behind a ReLU is folded into the convolution before it; max(0, z) stands between them, and a scale cannot pass a ReLU when it is negative, nor an offset ever.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 1; i < layers.size(); ++i) flags[i] = layers[i] == "batch_norm" && (layers[i - 1] == "conv" || layers[i - 1] == "dense" || layers[i - 1] == "relu");
    return flags;
}

}  // namespace exercise
