// part: normalize
// gamma and beta are left out: y is x̂.
#include "chapters/06-mlp-batchnorm/exercise.h"

#include <cmath>

namespace exercise {

namespace {

// xhat = (x - mean) / sqrt(variance + epsilon)
Array standardized(const Array& x, const Statistics& by, double epsilon) {
    const std::size_t C = x.shape[1];
    Array xhat(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i)
        xhat[i] = (x[i] - by.mean[i % C]) / std::sqrt(by.variance[i % C] + epsilon);
    return xhat;
}

}  // namespace

Array normalize(const Array& x, const Statistics& by, const Array&, const Array&, double epsilon) {
    return standardized(x, by, epsilon);
}

}  // namespace exercise
