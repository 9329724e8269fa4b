// part: fold_before
// the offset passes through the kernel that is scaled already, so it is scaled twice.
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
            folded.kernel[k * outputs + o] = scale * dense.kernel[k * outputs + o];
            folded.bias[o] += offset * folded.kernel[k * outputs + o];
        }
    }
    return folded;
}

}  // namespace exercise
