// part: fold_before
// the columns of the kernel are scaled, one for each output; BN stands before the layer and belongs to its inputs, the rows.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

Linear fold_before(const BatchNorm& norm, const Linear& dense) {
    Linear folded = dense;
    const std::size_t outputs = dense.bias.size();
    for (std::size_t k = 0; k < norm.gamma.size(); ++k) {
        const double scale = norm.gamma[k] / std::sqrt(norm.moving.variance[k] + norm.epsilon);
        const double offset = norm.beta[k] - scale * norm.moving.mean[k];
        for (std::size_t o = 0; o < outputs; ++o) {
            folded.kernel[k * outputs + o] = dense.kernel[k * outputs + o];
            folded.bias[o] += offset * dense.kernel[k * outputs + o];
        }
    }
    for (std::size_t i = 0; i < folded.kernel.size(); ++i) {
        const std::size_t c = i % outputs % norm.gamma.size();
        folded.kernel[i] *= norm.gamma[c] / std::sqrt(norm.moving.variance[c] + norm.epsilon);
    }
    return folded;
}

}  // namespace exercise
