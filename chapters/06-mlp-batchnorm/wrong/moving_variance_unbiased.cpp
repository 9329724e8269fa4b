// part: batch_norm_training
// the moving variance follows the unbiased one, M / (M − 1) times the batch's. PyTorch does that; Keras and this chapter do not.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    const double keep = layer.momentum;
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = keep * layer.moving.mean[c] + (1 - keep) * batch.mean[c];
        layer.moving.variance[c] = keep * layer.moving.variance[c] + (1 - keep) * batch.variance[c] * static_cast<double>(x.shape[0]) / static_cast<double>(x.shape[0] - 1);
    }
    return normalize(x, batch, layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
