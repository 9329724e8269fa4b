// part: batch_norm_backward
// the moving variance stands in dx, where the batch's belongs.
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

Gradients batch_norm_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    const Statistics batch = statistics(x);
    const Array xhat = standardized(x, batch, layer.epsilon);
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) {
        d.dbeta[i % C] += dy[i];
        d.dgamma[i % C] += dy[i] * xhat[i];
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i % C;
        const double scale = layer.gamma[c] / std::sqrt(layer.moving.variance[c] + layer.epsilon);
        d.dx[i] = scale * (dy[i] - d.dbeta[c] / M - xhat[i] * d.dgamma[c] / M);
    }
    return d;
}

}  // namespace exercise
