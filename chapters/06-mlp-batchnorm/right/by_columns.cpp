// Another right answer: column by column, and backward by the chain rule through the mean and the variance, step by step.
#include "chapters/06-mlp-batchnorm/exercise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace exercise {

namespace {

std::vector<double> column(const Array& x, std::size_t c) {
    std::vector<double> values;
    for (std::size_t m = 0; m < x.shape[0]; ++m) values.push_back(x[m * x.shape[1] + c]);
    return values;
}

void put(Array& x, std::size_t c, const std::vector<double>& values) {
    for (std::size_t m = 0; m < values.size(); ++m) x[m * x.shape[1] + c] = values[m];
}

double total(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double product(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::vector<double> minus(std::vector<double> v, double shift) {
    for (double& value : v) value -= shift;
    return v;
}

}  // namespace

Statistics statistics(const Array& x) {
    Statistics s{Array({x.shape[1]}), Array({x.shape[1]})};
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        const std::vector<double> values = column(x, c);
        s.mean[c] = total(values) / static_cast<double>(values.size());
        const std::vector<double> centered = minus(values, s.mean[c]);
        s.variance[c] = product(centered, centered) / static_cast<double>(values.size());
    }
    return s;
}

Array normalize(const Array& x, const Statistics& by, const Array& gamma, const Array& beta, double epsilon) {
    Array y(x.shape);
    for (std::size_t c = 0; c < x.shape[1]; ++c) {
        const double slope = gamma[c] / std::sqrt(by.variance[c] + epsilon), offset = beta[c] - slope * by.mean[c];
        std::vector<double> values = column(x, c);
        for (double& value : values) value = slope * value + offset;
        put(y, c, values);
    }
    return y;
}

Array batch_norm_training(const Array& x, BatchNorm& layer) {
    const auto [mean, variance] = statistics(x);
    for (std::size_t c = 0; c < mean.size(); ++c) {
        layer.moving.mean[c] += (1 - layer.momentum) * (mean[c] - layer.moving.mean[c]);
        layer.moving.variance[c] += (1 - layer.momentum) * (variance[c] - layer.moving.variance[c]);
    }
    return normalize(x, {mean, variance}, layer.gamma, layer.beta, layer.epsilon);
}

Array batch_norm_inference(const Array& x, BatchNorm& layer) {
    return normalize(x, layer.moving, layer.gamma, layer.beta, layer.epsilon);
}

Gradients batch_norm_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    const auto [mean, variance] = statistics(x);
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t c = 0; c < C; ++c) {
        const std::vector<double> centered = minus(column(x, c), mean[c]), dz = column(dy, c);
        const double deviation = std::sqrt(variance[c] + layer.epsilon);
        d.dbeta[c] = total(dz);
        d.dgamma[c] = product(dz, centered) / deviation;
        // y = gamma xhat + beta;  xhat = centered / deviation;  centered = x - mean(x);  deviation = sqrt(mean(centered²) + epsilon)
        const double ddeviation = -layer.gamma[c] * product(dz, centered) / (deviation * deviation);
        const double dvariance = ddeviation / (2 * deviation);
        std::vector<double> dcentered;
        for (std::size_t m = 0; m < dz.size(); ++m)
            dcentered.push_back(layer.gamma[c] * dz[m] / deviation + dvariance * 2 * centered[m] / M);
        put(d.dx, c, minus(dcentered, total(dcentered) / M));
    }
    return d;
}

Gradients batch_norm_inference_backward(const Array& x, const BatchNorm& layer, const Array& dy) {
    const std::size_t C = x.shape[1];
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t c = 0; c < C; ++c) {
        const double deviation = std::sqrt(layer.moving.variance[c] + layer.epsilon);
        std::vector<double> dz = column(dy, c);
        d.dbeta[c] = total(dz);
        d.dgamma[c] = product(dz, minus(column(x, c), layer.moving.mean[c])) / deviation;
        for (double& value : dz) value *= layer.gamma[c] / deviation;
        put(d.dx, c, dz);
    }
    return d;
}

Array dropout(const Array& x, double rate, bool training, const RandomKey& key) {
    RandomStream random(key);
    Array y = x;
    for (std::size_t i = 0; training && i < y.size(); ++i)
        if (random.uniform() < rate) y[i] = 0;
        else y[i] /= 1 - rate;
    return y;
}

Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key) {
    return dropout(dy, rate, training, key);
}

}  // namespace exercise
