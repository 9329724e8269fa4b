// part: batch_norm_training
// x is normalized by the moving statistics in training too. Backward would then be that of another function.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    const double keep = layer.momentum;
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = keep * layer.moving.mean[c] + (1 - keep) * batch.mean[c];
        layer.moving.variance[c] = keep * layer.moving.variance[c] + (1 - keep) * batch.variance[c];
    }
    return normalize(x, layer.moving, layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
