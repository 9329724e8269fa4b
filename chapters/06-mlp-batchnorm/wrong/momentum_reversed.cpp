// part: batch_norm_training
// the momentum is reversed: it is the share of the old value that is kept, and here it is that of the new one.
// The layer then follows the last batch.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    const double keep = 1 - layer.momentum;
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = keep * layer.moving.mean[c] + (1 - keep) * batch.mean[c];
        layer.moving.variance[c] = keep * layer.moving.variance[c] + (1 - keep) * batch.variance[c];
    }
    return normalize(x, batch, layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
