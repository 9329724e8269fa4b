// part: statistics
// the standard deviation is returned where the variance is asked for: a root too many.
#include "chapters/06-mlp-batchnorm/exercise.h"

#include <cmath>

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    Statistics s{Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % C] += x[i] / M;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double distance = x[i] - s.mean[i % C];
        s.variance[i % C] += distance * distance / M;
    }
    for (double& value : s.variance.values) value = std::sqrt(value);
    return s;
}

}  // namespace exercise
