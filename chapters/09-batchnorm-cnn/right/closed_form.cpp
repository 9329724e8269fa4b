// Chapter 9: another right answer: the mean by running means, the steps by a logarithm, the folded layer by trying it on 0.
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape[3], M = x.shape[0] * x.shape[1] * x.shape[2];
    Statistics s{Array({C}), Array({C})};
    for (std::size_t c = 0; c < C; ++c) {
        // Welford: the mean and the sum of squares of what has been seen so far.
        double mean = 0, squares = 0;
        for (std::size_t m = 0; m < M; ++m) {
            const double delta = x[m * C + c] - mean;
            mean += delta / static_cast<double>(m + 1);
            squares += delta * (x[m * C + c] - mean);
        }
        s.mean[c] = mean;
        s.variance[c] = squares / static_cast<double>(M);
    }
    return s;
}

long steps_until(double momentum, double share) {
    return static_cast<long>(std::floor(std::log(share) / std::log(momentum))) + 1;
}

namespace {

double normalized(const BatchNorm& norm, std::size_t c, double z) {
    const double deviation = std::sqrt(norm.moving.variance[c] + norm.epsilon);
    return norm.gamma[c] * (z - norm.moving.mean[c]) / deviation + norm.beta[c];
}

}  // namespace

Linear fold(const Linear& layer, const BatchNorm& norm) {
    Linear folded = layer;
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
        folded.bias[o] = normalized(norm, o, layer.bias[o]);
        for (std::size_t i = o; i < layer.kernel.size(); i += layer.bias.size())
            folded.kernel[i] = normalized(norm, o, layer.kernel[i]) - normalized(norm, o, 0);
    }
    return folded;
}

Linear fold_before(const BatchNorm& norm, const Linear& dense) {
    Linear folded = dense;
    const std::size_t O = dense.kernel.shape[1];
    for (std::size_t o = 0; o < O; ++o)
        for (std::size_t k = 0; k < dense.kernel.shape[0]; ++k) {
            const double w = dense.kernel[k * O + o], at_zero = normalized(norm, k, 0);
            folded.kernel[k * O + o] = w * (normalized(norm, k, 1) - at_zero);
            folded.bias[o] += w * at_zero;
        }
    return folded;
}

std::vector<bool> foldable(const std::vector<std::string>& layers) {
    std::vector<bool> flags;
    std::string before;
    for (const std::string& layer : layers) {
        flags.push_back(layer == "batch_norm" && (before == "dense" || before == "conv"));
        before = layer;
    }
    return flags;
}

double largest_stable_rate(const std::function<std::vector<double>(double rate)>& train, const std::vector<double>& rates) {
    std::size_t stable = 0;
    for (; stable < rates.size(); ++stable) {
        const std::vector<double> losses = train(rates[stable]);
        const bool finite = std::ranges::all_of(losses, [](double loss) { return std::abs(loss) <= 1e300; });
        if (!finite || !(losses.back() < losses.front())) break;
    }
    return stable == 0 ? 0 : rates[stable - 1];
}

}  // namespace exercise
