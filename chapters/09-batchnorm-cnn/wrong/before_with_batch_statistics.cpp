// part: fold_before
// the statistics of the last batch are folded in; inference uses the moving ones.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

Linear fold_before(const BatchNorm& norm, const Linear& dense) {
    Linear folded = dense;
    const std::size_t outputs = dense.bias.size();
    for (std::size_t k = 0; k < norm.gamma.size(); ++k) {
        const double scale = norm.gamma[k] / std::sqrt(norm.batch.variance[k] + norm.epsilon);
        const double offset = norm.beta[k] - scale * norm.batch.mean[k];
        for (std::size_t o = 0; o < outputs; ++o) {
            folded.kernel[k * outputs + o] = scale * dense.kernel[k * outputs + o];
            folded.bias[o] += offset * dense.kernel[k * outputs + o];
        }
    }
    return folded;
}

}  // namespace exercise
