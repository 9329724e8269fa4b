// The grading of chapter 6. The reference of a gradient is the full derivative, written out as a sum over all pairs of rows.
#include "cairn/course/grading.h"
#include "chapters/06-mlp-batchnorm/exercise.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cairn::course {

namespace {

using exercise::BatchNorm;
using exercise::Gradients;
using exercise::Statistics;

const std::vector<Sizes> shapes = {{4, 3}, {7, 5}, {5, 1}, {2, 3}, {3, 7}, {1, 4}, {1, 1}};

std::string title(const Sizes& shape) {
    return fmt::format("x {}{}", text_of(shape), shape[0] == 1 ? ", a batch of one image" : "");
}

// Numbers whose columns differ in mean and in size.
Array columns(Trial& t, const Sizes& shape) {
    Array x = t.normal(shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double c = static_cast<double>(i % shape[1]);
        x[i] = (1 + c / 2) * x[i] + 2 - c;
    }
    return x;
}

Statistics reference_statistics(const Array& x) {
    Statistics s{Array({x.shape[1]}), Array({x.shape[1]})};
    const std::size_t M = x.shape[0], C = x.shape[1];
    for (std::size_t c = 0; c < C; ++c) {
        double sum = 0, squares = 0;
        for (std::size_t m = 0; m < M; ++m) sum += x[m * C + c];
        // The variance is half of the mean squared distance of two rows.
        for (std::size_t m = 0; m < M; ++m)
            for (std::size_t n = 0; n < m; ++n) squares += std::pow(x[m * C + c] - x[n * C + c], 2);
        s.mean[c] = sum / static_cast<double>(M);
        s.variance[c] = squares / static_cast<double>(M * M);
    }
    return s;
}

Array reference_normalize(const Array& x, const Statistics& by, const BatchNorm& layer) {
    Array y(x.shape);
    for (std::size_t c = 0; c < x.shape[1]; ++c)
        for (std::size_t i = c; i < x.size(); i += x.shape[1])
            y[i] = layer.beta[c] + layer.gamma[c] * (x[i] - by.mean[c]) * std::pow(by.variance[c] + layer.epsilon, -0.5);
    return y;
}

BatchNorm layer_for(Trial& t, std::size_t C, double momentum) {
    return {.gamma = t.normal({C}), .beta = t.normal({C}), .moving = {t.normal({C}), t.uniform({C}, 0.5, 2)}, .epsilon = 1e-2, .momentum = momentum};
}

void statistics(Trial& t) {
    for (const Sizes& shape : shapes)
        t.run(title(shape), [&] {
            const Array x = columns(t, shape);
            const Statistics yours = exercise::statistics(x), expected = reference_statistics(x);
            t.check("mean", yours.mean, expected.mean);
            t.check("variance", yours.variance, expected.variance);
        });
}

void normalize(Trial& t) {
    for (const Sizes& shape : shapes)
        for (const double epsilon : {1e-3, 0.5})
            t.run(fmt::format("{}, epsilon {:g}", title(shape), epsilon), [&] {
                const Array x = columns(t, shape);
                BatchNorm layer = layer_for(t, shape[1], 0);
                layer.epsilon = epsilon;
                t.check("y", exercise::normalize(x, layer.moving, layer.gamma, layer.beta, epsilon),
                        reference_normalize(x, layer.moving, layer));
            });
}

void batch_norm_training(Trial& t) {
    for (const Sizes& shape : shapes)
        for (const double momentum : {0.99, 0.75})
            t.run(fmt::format("{}, momentum {}", title(shape), momentum), [&] {
                const Array x = columns(t, shape);
                BatchNorm layer = layer_for(t, shape[1], momentum);
                const BatchNorm before = layer;
                const Statistics batch = reference_statistics(x);
                const Array y = exercise::batch_norm_training(x, layer);
                Statistics moved = before.moving;
                for (std::size_t c = 0; c < shape[1]; ++c) {
                    moved.mean[c] += (batch.mean[c] - moved.mean[c]) * (1 - momentum);
                    moved.variance[c] += (batch.variance[c] - moved.variance[c]) * (1 - momentum);
                }
                t.check("y", y, reference_normalize(x, batch, before));
                t.check("moving mean", layer.moving.mean, moved.mean);
                t.check("moving variance", layer.moving.variance, moved.variance);
            });
}

void batch_norm_inference(Trial& t) {
    for (const Sizes& shape : shapes)
        t.run(title(shape), [&] {
            const Array x = columns(t, shape);
            BatchNorm layer = layer_for(t, shape[1], 0.9);
            const BatchNorm before = layer;
            t.check("y", exercise::batch_norm_inference(x, layer), reference_normalize(x, before.moving, before));
            t.check("moving mean", layer.moving.mean, before.moving.mean, {.hint = "In use the statistics stay as they are."});
            t.check("moving variance", layer.moving.variance, before.moving.variance, {.hint = "In use the statistics stay as they are."});
        });
}

// dx[m] = sum over n of dy[n] dy[n]/dx[m], with dxhat[n]/dx[m] = ((n == m) - 1/M - xhat[n] xhat[m] / M) / deviation
Gradients reference_gradients(const Array& x, const BatchNorm& layer, const Array& dy, bool training) {
    const std::size_t M = x.shape[0], C = x.shape[1];
    const Statistics by = training ? reference_statistics(x) : layer.moving;
    Gradients d{Array(x.shape), Array({C}), Array({C})};
    for (std::size_t c = 0; c < C; ++c) {
        const double deviation = std::sqrt(by.variance[c] + layer.epsilon);
        const auto xhat = [&](std::size_t m) { return (x[m * C + c] - by.mean[c]) / deviation; };
        for (std::size_t n = 0; n < M; ++n) {
            d.dbeta[c] += dy[n * C + c];
            d.dgamma[c] += dy[n * C + c] * xhat(n);
            for (std::size_t m = 0; m < M; ++m) {
                const double others = training ? (1 + xhat(n) * xhat(m)) / static_cast<double>(M) : 0;
                d.dx[m * C + c] += layer.gamma[c] / deviation * dy[n * C + c] * ((n == m ? 1 : 0) - others);
            }
        }
    }
    return d;
}

void batch_norm_backward(Trial& t) {
    for (const Sizes& shape : shapes)
        t.run(title(shape), [&] {
            const Array x = columns(t, shape), dy = t.normal(shape);
            const BatchNorm layer = layer_for(t, shape[1], 0.9);
            const Gradients yours = exercise::batch_norm_backward(x, layer, dy), expected = reference_gradients(x, layer, dy, true);
            t.check("dbeta", yours.dbeta, expected.dbeta);
            if (shape[0] > 1) {
                t.check("dx", yours.dx, expected.dx);
                t.check("dgamma", yours.dgamma, expected.dgamma);
                return;
            }
            // A batch of one image is its own mean: y is beta, whatever x is.
            double most = 0;
            for (const Array* zero : {&yours.dx, &yours.dgamma})
                for (const double value : zero->values) most = std::max(most, std::abs(value));
            const bool fits = yours.dx.shape == shape && yours.dgamma.size() == shape[1];
            t.require("dx and dgamma", fits && most < 1e-10, fits ? most : -1,
                      "of a batch of one image y is beta, whatever x is, so dx and dgamma are 0; yours are not");
        });
}

void batch_norm_inference_backward(Trial& t) {
    for (const Sizes& shape : shapes)
        t.run(title(shape), [&] {
            const Array x = columns(t, shape), dy = t.normal(shape);
            const BatchNorm layer = layer_for(t, shape[1], 0.9);
            const Gradients yours = exercise::batch_norm_inference_backward(x, layer, dy), expected = reference_gradients(x, layer, dy, false);
            t.check("dx", yours.dx, expected.dx);
            t.check("dgamma", yours.dgamma, expected.dgamma);
            t.check("dbeta", yours.dbeta, expected.dbeta);
        });
}

struct Drop {
    Sizes shape;
    double rate;
    bool training;
    std::uint32_t step;

    std::string title() const {
        return fmt::format("{}, rate {}, {}, step {}", text_of(shape), rate, training ? "training" : "in use", step);
    }
    RandomKey key() const { return {.seed = 7, .stream = stream_of(Purpose::dropout, 2), .step = step}; }
};

const std::vector<Drop> drops = {
    {{4, 8}, 0.25, true, 0},
    {{3, 7}, 0.5, true, 1},
    {{2, 5, 3}, 0.2, true, 5},
    {{13}, 0.9, true, 1000},
    {{1}, 0.125, true, 3},
    {{4, 4}, 0, true, 2},
    {{3, 5}, 0.5, false, 1},
    {{7}, 0.2, false, 8},
};

// x with the elements that the key drops set to 0 and the others made larger.
Array dropped(const Array& x, const Drop& d) {
    Array y = x;
    if (!d.training) return y;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::uint32_t bits = random_block(d.key(), static_cast<std::uint32_t>(i / 4))[i % 4];
        y[i] *= to_uniform(bits) < d.rate ? 0 : 1 / (1 - d.rate);
    }
    return y;
}

void dropout(Trial& t) {
    for (const Drop& d : drops)
        t.run(d.title(), [&] {
            const Array x = t.normal(d.shape);
            t.check("y", exercise::dropout(x, d.rate, d.training, d.key()), dropped(x, d));
        });
}

void dropout_backward(Trial& t) {
    for (const Drop& d : drops)
        t.run(d.title(), [&] {
            const Array dy = t.normal(d.shape);
            t.check("dx", exercise::dropout_backward(dy, d.rate, d.training, d.key()), dropped(dy, d));
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "statistics", .functions = {"statistics"}, .run = statistics, .hint = "Over the rows, for each column by itself; element (m, c) is number m C + c. The variance is divided by M."},
        {.name = "normalize", .functions = {"normalize"}, .run = normalize, .hint = "epsilon stands inside of the root; gamma multiplies, beta is added at the end."},
        {.name = "batch_norm_training", .functions = {"batch_norm_training"}, .run = batch_norm_training, .hint = "y by the batch's statistics; moving = momentum moving + (1 - momentum) batch's.", .points = 2},
        {.name = "batch_norm_inference", .functions = {"batch_norm_inference"}, .run = batch_norm_inference, .hint = "The same formula with the moving statistics, which stay as they are."},
        {.name = "batch_norm_backward", .functions = {"batch_norm_backward"}, .run = batch_norm_backward, .hint = "dx = gamma / sqrt(variance + epsilon) * (dy - dbeta / M - xhat dgamma / M), with the batch's statistics.", .points = 3},
        {.name = "batch_norm_inference_backward", .functions = {"batch_norm_inference_backward"}, .run = batch_norm_inference_backward, .hint = "The moving statistics do not depend on x."},
        {.name = "dropout", .functions = {"dropout"}, .run = dropout, .hint = "Draw one number for each element, in order. What stays is divided by 1 - rate; in use nothing changes.", .points = 2},
        {.name = "dropout_backward", .functions = {"dropout_backward"}, .run = dropout_backward, .hint = "The same key gives the same numbers, so the same elements were dropped."},
    }};
}

}  // namespace cairn::course
