// Chapter 9: one right answer.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <cmath>

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape.back(), M = x.size() / C;
    Statistics result{Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) result.mean[i % C] += x[i] / static_cast<double>(M);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double deviation = x[i] - result.mean[i % C];
        result.variance[i % C] += deviation * deviation / static_cast<double>(M);
    }
    return result;
}

long steps_until(double momentum, double share) {
    long steps = 0;
    for (double left = 1; left >= share; left *= momentum) ++steps;
    return steps;
}

namespace {

// BN(z) = scale z + offset
struct Line {
    std::vector<double> scale, offset;
};

Line line_of(const BatchNorm& norm) {
    Line line;
    for (std::size_t c = 0; c < norm.gamma.size(); ++c) {
        line.scale.push_back(norm.gamma[c] / std::sqrt(norm.moving.variance[c] + norm.epsilon));
        line.offset.push_back(norm.beta[c] - line.scale[c] * norm.moving.mean[c]);
    }
    return line;
}

}  // namespace

Linear fold(const Linear& layer, const BatchNorm& norm) {
    const Line line = line_of(norm);
    Linear folded = layer;
    const std::size_t outputs = folded.bias.size();
    for (std::size_t i = 0; i < folded.kernel.size(); ++i) folded.kernel[i] *= line.scale[i % outputs];
    for (std::size_t o = 0; o < outputs; ++o) folded.bias[o] = line.scale[o] * folded.bias[o] + line.offset[o];
    return folded;
}

Linear fold_before(const BatchNorm& norm, const Linear& dense) {
    const Line line = line_of(norm);
    Linear folded = dense;
    const std::size_t outputs = dense.bias.size();
    for (std::size_t k = 0; k < line.scale.size(); ++k)
        for (std::size_t o = 0; o < outputs; ++o) {
            folded.kernel[k * outputs + o] = line.scale[k] * dense.kernel[k * outputs + o];
            folded.bias[o] += line.offset[k] * dense.kernel[k * outputs + o];
        }
    return folded;
}

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags(layers.size());
    for (std::size_t i = 1; i < layers.size(); ++i)
        flags[i] = layers[i] == "batch_norm" && (layers[i - 1] == "conv" || layers[i - 1] == "dense");
    return flags;
}

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) {
    double largest = 0;
    for (const double rate : rates) {
        const std::vector<double> losses = train(rate);
        for (const double loss : losses)
            if (!std::isfinite(loss)) return largest;
        if (losses.back() >= losses.front()) return largest;
        largest = rate;
    }
    return largest;
}

}  // namespace exercise
