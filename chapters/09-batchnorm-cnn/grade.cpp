// The grading of chapter 9. A folded layer is judged by its numbers and by what it computes: both are worked out by index tuples.
#include "cairn/course/grading.h"
#include "chapters/09-batchnorm-cnn/exercise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace cairn::course {

namespace {

// The mean and variance of each channel by another way than sums over x: first the channel's numbers are put together.
exercise::Statistics reference(const Array& x) {
    const std::size_t channels = x.shape[3];
    exercise::Statistics s{Array({channels}), Array({channels})};
    for (std::size_t c = 0; c < channels; ++c) {
        std::vector<double> numbers;
        for (std::size_t i = c; i < x.size(); i += channels) numbers.push_back(x[i]);
        const auto count = static_cast<double>(numbers.size());
        for (const double number : numbers) s.mean[c] += number;
        s.mean[c] /= count;
        for (const double number : numbers) s.variance[c] += std::pow(number - s.mean[c], 2);
        s.variance[c] /= count;
    }
    return s;
}

void statistics(Trial& t) {
    for (const Sizes& shape : {Sizes{1, 1, 2, 1}, Sizes{2, 3, 4, 3}, Sizes{5, 1, 1, 2}, Sizes{1, 5, 3, 4}, Sizes{3, 2, 2, 1},
                               Sizes{3, 3, 3, 3}})
        t.run("x " + text_of(shape), [&] {
            const Array x = t.normal(shape);
            const exercise::Statistics yours = exercise::statistics(x), expected = reference(x);
            t.check("mean", yours.mean, expected.mean);
            t.check("variance", yours.variance, expected.variance);
        });
    t.run("x (2, 5, 5, 2) near 1e4", [&] {
        Array x = t.normal({2, 5, 5, 2});
        for (double& value : x.values) value = 1e4 + 1e-2 * value;
        const exercise::Statistics yours = exercise::statistics(x), expected = reference(x);
        t.check("mean", yours.mean, expected.mean);
        double worst = 0;
        for (std::size_t c = 0; c < 2; ++c) {
            const double variance = c < yours.variance.size() ? yours.variance[c] : -1;
            worst = std::max(worst, std::abs(variance - expected.variance[c]) / expected.variance[c]);
        }
        // Rounding: the numbers lie anywhere, so only their distance from the truth is looked at.
        const bool ok = worst < 1e-6;
        t.require("variance", ok, ok ? 0 : worst < 0.05 ? 1
                                                        : 2,
                  fmt::format("of numbers near 10000 with a variance near 0.0001, your variance is off by {:.1g} of itself", worst));
    });
}

void steps_until(Trial& t) {
    struct Question {
        double momentum, share;
    };
    for (const Question q : {Question{0.99, 0.01}, {0.99, 0.5}, {0.9, 0.01}, {0.9, 0.3}, {0.999, 0.05}, {0.5, 0.25}, {0.5, 0.3}})
        t.run(fmt::format("momentum {}, share {}", q.momentum, q.share), [&] {
            long steps = 1;
            while (!(std::pow(q.momentum, static_cast<double>(steps)) < q.share)) ++steps;
            t.number("steps", static_cast<double>(exercise::steps_until(q.momentum, q.share)), static_cast<double>(steps));
        });
}

exercise::BatchNorm draw_norm(Trial& t, std::size_t channels) {
    exercise::BatchNorm norm;
    norm.gamma = t.normal({channels});
    norm.beta = t.normal({channels});
    norm.moving = {t.normal({channels}), t.uniform({channels}, 0.1, 2)};
    norm.batch = {t.normal({channels}), t.uniform({channels}, 0.1, 2)};
    norm.epsilon = 0.1;  // large, so that its place is seen
    return norm;
}

// (z - mean) / root * gamma + beta
double in_inference(const exercise::BatchNorm& norm, std::size_t c, double z) {
    const double root = std::sqrt(norm.moving.variance[c] + norm.epsilon);
    return (z - norm.moving.mean[c]) / root * norm.gamma[c] + norm.beta[c];
}

void fold(Trial& t) {
    for (const Sizes& shape : {Sizes{1, 1, 1, 1}, Sizes{3, 3, 2, 5}, Sizes{1, 3, 4, 2}, Sizes{2, 2, 3, 3}, Sizes{4, 3},
                               Sizes{3, 3}, Sizes{2, 7}})
        t.run((shape.size() == 2 ? "dense " : "convolution ") + text_of(shape), [&] {
            const std::size_t outputs = shape.back();
            const exercise::Linear layer{t.normal(shape), t.normal({outputs})};
            const exercise::BatchNorm norm = draw_norm(t, outputs);
            Array kernel(shape), bias({outputs});
            for (std::size_t i = 0; i < kernel.size(); ++i) {
                const std::size_t o = i % outputs;
                kernel[i] = layer.kernel[i] * norm.gamma[o] / std::sqrt(norm.moving.variance[o] + norm.epsilon);
            }
            for (std::size_t o = 0; o < outputs; ++o) bias[o] = in_inference(norm, o, layer.bias[o]);
            const exercise::Linear yours = exercise::fold(layer, norm);
            t.check("kernel", yours.kernel, kernel);
            t.check("bias", yours.bias, bias);
        });
}

void fold_before(Trial& t) {
    for (const Sizes& shape : {Sizes{1, 1}, Sizes{3, 5}, Sizes{5, 2}, Sizes{4, 4}, Sizes{1, 3}, Sizes{7, 1}})
        t.run("dense " + text_of(shape), [&] {
            const exercise::Linear dense{t.normal(shape), t.normal({shape[1]})};
            const exercise::BatchNorm norm = draw_norm(t, shape[0]);
            Array kernel(shape), bias = dense.bias;
            for (std::size_t o = 0; o < shape[1]; ++o)
                for (std::size_t k = 0; k < shape[0]; ++k) {
                    const double weight = dense.kernel[k * shape[1] + o], root = norm.moving.variance[k] + norm.epsilon;
                    kernel[k * shape[1] + o] = weight * norm.gamma[k] / std::sqrt(root);
                    bias[o] += weight * in_inference(norm, k, 0);
                }
            const exercise::Linear yours = exercise::fold_before(norm, dense);
            t.check("kernel", yours.kernel, kernel);
            t.check("bias", yours.bias, bias);
        });
}

void foldable(Trial& t) {
    const std::vector<std::pair<std::vector<std::string>, std::vector<double>>> chains = {
        {{"conv", "batch_norm", "relu", "pool"}, {0, 1, 0, 0}},
        {{"conv", "relu", "batch_norm", "pool"}, {0, 0, 0, 0}},
        {{"batch_norm", "conv", "relu"}, {0, 0, 0}},
        {{"dense", "batch_norm", "relu", "dense", "batch_norm"}, {0, 1, 0, 0, 1}},
        {{"conv", "pool", "batch_norm", "dense", "relu", "batch_norm"}, {0, 0, 0, 0, 0, 0}},
        {{"conv", "batch_norm", "relu", "batch_norm", "conv"}, {0, 1, 0, 0, 0}},
        {{"dense", "dropout", "batch_norm"}, {0, 0, 0}},
        {{"conv", "conv", "batch_norm"}, {0, 0, 1}},
        {{"dense"}, {0}},
    };
    for (const auto& [layers, expected] : chains)
        t.run(fmt::format("{}", fmt::join(layers, ", ")), [&] {
            const std::vector<bool> flags = exercise::foldable(layers);
            t.check("flags", Array({flags.size()}, std::vector<double>(flags.begin(), flags.end())),
                    Array({expected.size()}, expected));
        });
}

void largest_stable_rate(Trial& t) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
    using Losses = std::vector<std::vector<double>>;
    const std::vector<std::pair<std::string, Losses>> trials = {
        {"all are stable", {{2.3, 1.9}, {2.3, 1.5}, {2.3, 1.2}}},
        {"none is stable", {{2.3, 2.4}, {2.3, 5}, {2.3, 1.0}}},
        {"one that is works again behind one that does not", {{2.3, 2.0}, {2.3, 2.5}, {2.3, 1.1}, {2.3, 1.4}}},
        {"NaN at the end", {{2.3, 2.0}, {2.3, 1.0}, {2.3, nan}}},
        {"NaN in the middle", {{2.3, 2.0, 1.9}, {2.3, nan, 1.0}, {2.3, 1, 0.5}}},
        {"infinite at the start", {{2.3, 2.0}, {infinite, 2.2}, {2.3, 1.2}}},
        {"a loss that ends where it began", {{2.3, 2.0, 1.0}, {2.3, 2.1, 2.0}, {2.3, 2.0, 2.3}}},
        {"a bump on the way down", {{2.3, 2.0}, {2.3, 2.9, 1.0}, {2.3, 2.4}}},
        {"the smallest loss is not the last", {{2.3, 2.0}, {2.3, 0.9, 2.6}}},
    };
    for (const auto& [name, losses] : trials)
        t.run(name, [&, losses = losses] {
            std::vector<double> rates;
            for (std::size_t i = 0; i < losses.size(); ++i) rates.push_back(1e-4 * std::pow(3, static_cast<double>(i)));
            std::size_t stable = 0;
            while (stable < losses.size() &&
                   std::ranges::all_of(losses[stable], [](double loss) { return std::isfinite(loss); }) &&
                   losses[stable].back() < losses[stable].front())
                ++stable;
            std::size_t trained = 0;
            const auto train = [&](double rate) {
                ++trained;
                return losses.at(static_cast<std::size_t>(std::ranges::find(rates, rate) - rates.begin()));
            };
            t.number("rate", exercise::largest_stable_rate(train, rates), stable == 0 ? 0 : rates[stable - 1]);
            const std::size_t needed = std::min(stable + 1, losses.size());
            t.require("trainings", trained <= needed, static_cast<double>(trained),
                      fmt::format("{} trainings where {} say all: nothing is known beyond the first unstable rate", trained,
                                  needed));
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "statistics",
         .functions = {"statistics"},
         .run = statistics,
         .hint = "All images and places of a channel are one sample of M = N H W numbers.",
         .points = 2},
        {.name = "steps_until",
         .functions = {"steps_until"},
         .run = steps_until,
         .hint = "After n steps momentum^n is left."},
        {.name = "fold",
         .functions = {"fold"},
         .run = fold,
         .hint = "Write BN(z) as a z + b; then put z = conv(x) + bias.",
         .points = 3},
        {.name = "fold_before",
         .functions = {"fold_before"},
         .run = fold_before,
         .hint = "Write BN(x) as a x + b; then put it into the dense layer: input k meets row k of the kernel.",
         .points = 2},
        {.name = "foldable",
         .functions = {"foldable"},
         .run = foldable,
         .hint = "Only what stands directly behind a linear layer is a linear function of its sums."},
        {.name = "largest_stable_rate",
         .functions = {"largest_stable_rate"},
         .run = largest_stable_rate,
         .hint = "Go up from the smallest rate, and stop at the first one that is not stable."},
    }};
}

}  // namespace cairn::course
