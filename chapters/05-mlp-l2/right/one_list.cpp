// Another right answer: all images in one list, the penalty inside of evaluate through batch_loss, Adam's corrected averages.
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>
#include <numeric>

namespace exercise {

double penalty(const std::vector<Layer>& layers) {
    return std::accumulate(layers.begin(), layers.end(), 0.0, [](double sum, const Layer& layer) {
        const std::vector<double>& w = layer.kernel.values;
        return sum + layer.lambda * std::inner_product(w.begin(), w.end(), w.begin(), 0.0);
    });
}

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = layers.size(); l-- > 0;) {
        const double factor = layers[l].lambda + layers[l].lambda;
        std::size_t i = 0;
        for (double& gradient : d[l].dkernel.values) gradient += layers[l].kernel[i++] * factor;
    }
}

double batch_loss(const std::vector<double>& cross_entropies, const std::vector<Layer>& layers) {
    const double images = static_cast<double>(cross_entropies.size());
    return penalty(layers) + std::accumulate(cross_entropies.begin(), cross_entropies.end(), 0.0) / images;
}

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers) {
    std::vector<double> all;
    for (const std::vector<double>& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
    return batch_loss(all, layers);
}

namespace {

// What Adam takes from w, in its paper's form: m and v divided by what they lack at the start.
Array step_of(const Array& g, Adam& adam) {
    Array step(g.shape);
    adam.t += 1;
    for (std::size_t i = 0; i < g.size(); ++i) {
        adam.m[i] += (1 - adam.beta1) * (g[i] - adam.m[i]);
        adam.v[i] += (1 - adam.beta2) * (g[i] * g[i] - adam.v[i]);
        const double root = std::sqrt(1 - std::pow(adam.beta2, adam.t));
        const double mean = adam.m[i] / (1 - std::pow(adam.beta1, adam.t)), deviation = std::sqrt(adam.v[i]) / root;
        step[i] = adam.learning_rate * mean / (deviation + adam.epsilon / root);
    }
    return step;
}

}  // namespace

void step_coupled(Array& w, const Array& dw, double lambda, Adam& adam) {
    Array g(w.shape);
    for (std::size_t i = 0; i < w.size(); ++i) g[i] = dw[i] + lambda * (w[i] + w[i]);
    const Array step = step_of(g, adam);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= step[i];
}

void step_decoupled(Array& w, const Array& dw, double decay, Adam& adam) {
    const Array step = step_of(dw, adam);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = (1 - adam.learning_rate * decay) * w[i] - step[i];
}

}  // namespace exercise
