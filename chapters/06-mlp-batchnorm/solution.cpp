// Chapter 6: one right answer.
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

// The factors of the elements of a mask: 0, or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey& key) {
    RandomStream random(key);
    Array factors(shape);
    for (double& factor : factors.values) factor = random.uniform() < rate ? 0 : 1 / (1 - rate);
    return factors;
}

}  // namespace

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    Statistics s{Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % C] += x[i] / M;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double distance = x[i] - s.mean[i % C];
        s.variance[i % C] += distance * distance / M;
    }
    return s;
}

Array normalize(const Array& x, const Statistics& by, const Array& gamma, const Array& beta, double epsilon) {
    Array y = standardized(x, by, epsilon);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = gamma[i % gamma.size()] * y[i] + beta[i % beta.size()];
    return y;
}

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const Statistics batch = statistics(x);
    const double keep = layer.momentum;
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        layer.moving.mean[c] = keep * layer.moving.mean[c] + (1 - keep) * batch.mean[c];
        layer.moving.variance[c] = keep * layer.moving.variance[c] + (1 - keep) * batch.variance[c];
    }
    return normalize(x, batch, layer.gamma, layer.beta, layer.epsilon);
}

Array batch_norm_inference(const Array& x, BatchNorm& layer) {
    return normalize(x, layer.moving, layer.gamma, layer.beta, layer.epsilon);
}

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
        const double scale = layer.gamma[c] / std::sqrt(batch.variance[c] + layer.epsilon);
        d.dx[i] = scale * (dy[i] - d.dbeta[c] / M - xhat[i] * d.dgamma[c] / M);
    }
    return d;
}

Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    const std::size_t C = x.shape[1];
    const Array xhat = standardized(x, layer.moving, layer.epsilon);
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i % C;
        d.dbeta[c] += dy[i];
        d.dgamma[c] += dy[i] * xhat[i];
        d.dx[i] = layer.gamma[c] / std::sqrt(layer.moving.variance[c] + layer.epsilon) * dy[i];
    }
    return d;
}

Array dropout(const Array& x, double rate, bool training, const RandomKey& key) {
    if (!training) return x;
    Array y = mask(x.shape, rate, key);
    for (std::size_t i = 0; i < x.size(); ++i) y[i] *= x[i];
    return y;
}

Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key) {
    if (!training) return dy;
    Array dx = mask(dy.shape, rate, key);
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] *= dy[i];
    return dx;
}

}  // namespace exercise
