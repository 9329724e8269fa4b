// The grading of chapter 5. The penalty's gradient is compared with the penalty's own central difference, which for squares is
// exact but for rounding.
#include "cairn/course/grading.h"
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>

#include <fmt/ranges.h>

namespace cairn::course {

namespace {

using exercise::Adam;
using exercise::Gradient;
using exercise::Layer;

struct Model {
    std::string name;
    std::vector<std::pair<std::size_t, std::size_t>> sizes;  // (I, O) of each layer
    std::vector<double> lambdas;

    std::vector<Layer> layers(Trial& t) const {
        std::vector<Layer> all;
        for (std::size_t l = 0; l < sizes.size(); ++l) {
            Array kernel = t.normal({sizes[l].first, sizes[l].second});
            all.push_back({kernel, t.normal({sizes[l].second}), lambdas[l]});
        }
        return all;
    }
};

const std::vector<Model> models = {
    {"one layer of 1 × 1", {{1, 1}}, {0.5}},
    {"one layer of 3 × 2", {{3, 2}}, {0.01}},
    {"two layers, the first penalized", {{5, 3}, {3, 2}}, {0.001, 0}},
    {"two layers, the second penalized", {{2, 7}, {7, 1}}, {0, 0.25}},
    {"three layers, each with its own λ", {{2, 3}, {3, 5}, {5, 2}}, {0.1, 0.02, 3}},
    {"two layers without a penalty", {{4, 3}, {3, 1}}, {0, 0}},
};

// λ Σ W² of one layer, as W's norm times W's norm.
double reference_penalty(const Layer& layer) {
    long double norm = 0;
    for (const double w : layer.kernel.values) norm = std::hypot(norm, static_cast<long double>(w));
    return static_cast<double>(norm * norm * static_cast<long double>(layer.lambda));
}

double reference_penalty(const std::vector<Layer>& layers) {
    double sum = 0;
    for (std::size_t l = layers.size(); l-- > 0;) sum += reference_penalty(layers[l]);
    return sum;
}

void penalty(Trial& t) {
    for (const Model& model : models)
        t.run(model.name, [&] {
            const std::vector<Layer> layers = model.layers(t);
            t.number("penalty", exercise::penalty(layers), reference_penalty(layers));
        });
}

void add_penalty_gradients(Trial& t) {
    for (const Model& model : models)
        t.run(model.name, [&] {
            const std::vector<Layer> layers = model.layers(t);
            std::vector<Gradient> d;
            for (const Layer& layer : layers) {
                Array dkernel = t.normal(layer.kernel.shape);
                d.push_back({dkernel, t.normal(layer.bias.shape)});
            }
            std::vector<Gradient> expected = d;
            for (std::size_t l = 0; l < layers.size(); ++l)
                for (std::size_t i = 0; i < layers[l].kernel.size(); ++i) {
                    const double w = layers[l].kernel[i], h = 0.5;
                    expected[l].dkernel[i] += layers[l].lambda * ((w + h) * (w + h) - (w - h) * (w - h)) / (2 * h);
                }
            exercise::add_penalty_gradients(layers, d);
            for (std::size_t l = 0; l < layers.size(); ++l) {
                t.check(fmt::format("dkernel of layer {}", l), d.at(l).dkernel, expected[l].dkernel);
                t.check(fmt::format("dbias of layer {}", l), d.at(l).dbias, expected[l].dbias);
            }
        });
}

// Cross-entropies of n images: above 0.
std::vector<double> images(Trial& t, std::size_t n) { return t.uniform({n}, 0.1, 3).values; }

double mean(const std::vector<double>& all) {
    double result = 0;
    for (std::size_t i = 0; i < all.size(); ++i) result += (all[i] - result) / static_cast<double>(i + 1);
    return result;
}

void batch_loss(Trial& t) {
    for (const Model& model : models)
        for (const std::size_t n : {1u, 2u, 7u, 32u})
            t.run(fmt::format("{}, {} image{}", model.name, n, n == 1 ? "" : "s"), [&] {
                const std::vector<double> losses = images(t, n);
                const std::vector<Layer> layers = model.layers(t);
                t.number("loss", exercise::batch_loss(losses, layers), mean(losses) + reference_penalty(layers));
            });
}

void evaluate(Trial& t) {
    for (const Model& model : models)
        for (const std::vector<std::size_t>& sizes : {std::vector<std::size_t>{4, 4}, {5, 5, 2}, {1}, {3, 1}})
            t.run(fmt::format("{}, batches of {}", model.name, fmt::join(sizes, ", ")), [&] {
                std::vector<std::vector<double>> batches;
                std::vector<double> all;
                for (const std::size_t size : sizes) {
                    batches.push_back(images(t, size));
                    all.insert(all.end(), batches.back().begin(), batches.back().end());
                }
                const std::vector<Layer> layers = model.layers(t);
                t.number("loss", exercise::evaluate(batches, layers), mean(all) + reference_penalty(layers));
            });
}

struct Run {
    Sizes shape;
    double strength;  // lambda or decay
    double rate;
};

const std::vector<Run> runs = {{{3}, 0.1, 0.01}, {{2, 3}, 0.004, 0.001}, {{1}, 2, 0.05}, {{5}, 0, 0.01}};

// Adam in its paper's form, with the epsilon that Keras's form has: alpha m̂ / (√v̂ + ε̂).
double reference_step(double g, std::size_t i, Adam& adam) {
    adam.m[i] += (1 - adam.beta1) * (g - adam.m[i]);
    adam.v[i] += (1 - adam.beta2) * (g * g - adam.v[i]);
    const double left1 = 1 - std::exp(adam.t * std::log(adam.beta1)), left2 = 1 - std::exp(adam.t * std::log(adam.beta2));
    return adam.learning_rate * (adam.m[i] / left1) / (std::sqrt(adam.v[i] / left2) + adam.epsilon / std::sqrt(left2));
}

template <typename Step>
void steps(Trial& t, bool coupled, const Step& yours) {
    for (const Run& run : runs)
        t.run(fmt::format("w {}, {} {:g}, 4 steps of rate {:g}", text_of(run.shape), coupled ? "lambda" : "decay", run.strength, run.rate), [&] {
            Array w = t.normal(run.shape), expected = w;
            Adam adam{.learning_rate = run.rate, .epsilon = 1e-3, .m = Array(run.shape), .v = Array(run.shape)};
            Adam reference = adam;
            for (int step = 1; step <= 4; ++step) {
                const Array dw = t.normal(run.shape);
                yours(w, dw, run.strength, adam);
                reference.t = step;
                for (std::size_t i = 0; i < w.size(); ++i) {
                    const double before = expected[i];
                    expected[i] -= reference_step(dw[i] + (coupled ? 2 * run.strength * before : 0), i, reference);
                    if (!coupled) expected[i] -= run.rate * run.strength * before;
                }
                // Powers by exp and log differ from others in the last bits, and 1 - beta2^t has three digits less.
                t.check(fmt::format("w after step {}", step), w, expected, {.relative = 1e-9});
            }
            t.check("m", adam.m, reference.m);
            t.check("v", adam.v, reference.v);
        });
}

void step_coupled(Trial& t) {
    steps(t, true, [](auto&&... all) { return exercise::step_coupled(all...); });
}
void step_decoupled(Trial& t) {
    steps(t, false, [](auto&&... all) { return exercise::step_decoupled(all...); });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "penalty", .functions = {"penalty"}, .run = penalty, .hint = "For each layer its own lambda times the sum of the squares of its kernel; the biases do not count."},
        {.name = "add_penalty_gradients", .functions = {"add_penalty_gradients"}, .run = add_penalty_gradients, .hint = "The derivative of lambda w² is 2 lambda w. It is added to what is there.", .points = 2},
        {.name = "batch_loss", .functions = {"batch_loss"}, .run = batch_loss, .hint = "A mean over the images, and the penalty beside it, which is not divided by anything."},
        {.name = "evaluate", .functions = {"evaluate"}, .run = evaluate, .hint = "The mean over all images, whatever batch they came in, and the penalty once."},
        {.name = "step_coupled", .functions = {"step_coupled"}, .run = step_coupled, .hint = "Adam's step for the gradient dw + 2 lambda w. Count t up first.", .points = 2},
        {.name = "step_decoupled", .functions = {"step_decoupled"}, .run = step_decoupled, .hint = "w shrinks by learning_rate decay w, of the w before the step; m and v see dw alone.", .points = 2},
    }};
}

}  // namespace cairn::course
