// part: batch_norm_training
// the mean is moved, and the variance is not.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    const double keep = layer.momentum;
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = keep * layer.moving.mean[c] + (1 - keep) * batch.mean[c];
    }
    return normalize(x, batch, layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
