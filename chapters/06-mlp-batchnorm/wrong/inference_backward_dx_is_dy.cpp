// part: batch_norm_inference_backward
// dx is γ dy: the division by the deviation is missing.
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

Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    const std::size_t C = x.shape[1];
    const Array xhat = standardized(x, layer.moving, layer.epsilon);
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i % C;
        d.dbeta[c] += dy[i];
        d.dgamma[c] += dy[i] * xhat[i];
        d.dx[i] = layer.gamma[c] * dy[i];
    }
    return d;
}

}  // namespace exercise
