// part: fold
// the mean is subtracted from the scaled bias; it must be scaled as well.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

Linear fold(const Linear& layer, const BatchNorm& norm) {
    Linear folded = layer;
    const std::size_t outputs = folded.bias.size();
    for (std::size_t i = 0; i < folded.kernel.size(); ++i) {
        const std::size_t o = i % outputs;
        folded.kernel[i] *= norm.gamma[o] / std::sqrt(norm.moving.variance[o] + norm.epsilon);
    }
    for (std::size_t o = 0; o < outputs; ++o)
        folded.bias[o] = layer.bias[o] * norm.gamma[o] / std::sqrt(norm.moving.variance[o] + norm.epsilon) - norm.moving.mean[o] + norm.beta[o];
    return folded;
}

}  // namespace exercise
