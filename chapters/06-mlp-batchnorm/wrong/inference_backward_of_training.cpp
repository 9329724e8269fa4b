// part: batch_norm_inference_backward
// the gradient is that of training: in use the statistics do not depend on x, and no row has to do with another.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    return batch_norm_backward(x, layer, dy);
}

}  // namespace exercise
