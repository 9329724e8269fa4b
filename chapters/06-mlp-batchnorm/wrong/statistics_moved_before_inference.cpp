// part: batch_norm_inference
// the moving statistics are moved in use too, and before they are used.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_inference(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = layer.momentum * layer.moving.mean[c] + (1 - layer.momentum) * batch.mean[c];
        layer.moving.variance[c] = layer.momentum * layer.moving.variance[c] + (1 - layer.momentum) * batch.variance[c];
    }
    return normalize(x, layer.moving, layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
