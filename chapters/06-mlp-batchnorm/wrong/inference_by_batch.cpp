// part: batch_norm_inference
// the model in use normalizes by the statistics of the images that it is asked about, so an answer depends on which others are asked for with it.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Array batch_norm_inference(const Array& x, BatchNorm& layer) {
    return normalize(x, statistics(x), layer.gamma, layer.beta, layer.epsilon);
}

}  // namespace exercise
