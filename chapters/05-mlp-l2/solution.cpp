// Chapter 5: one right answer.
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>

namespace exercise {

namespace {

double squares_of(const Array& w) {
    double sum = 0;
    for (const double value : w.values) sum += value * value;
    return sum;
}

// w = w - step, with Adam's step for the gradient g.
void descend(Array& w, const Array& g, Adam& adam) {
    ++adam.t;
    const double correction1 = 1 - std::pow(adam.beta1, adam.t), correction2 = 1 - std::pow(adam.beta2, adam.t);
    for (std::size_t i = 0; i < w.size(); ++i) {
        adam.m[i] = adam.beta1 * adam.m[i] + (1 - adam.beta1) * g[i];
        adam.v[i] = adam.beta2 * adam.v[i] + (1 - adam.beta2) * g[i] * g[i];
        const double rate = adam.learning_rate * std::sqrt(correction2) / correction1;
        w[i] -= rate * adam.m[i] / (std::sqrt(adam.v[i]) + adam.epsilon);
    }
}

}  // namespace

double penalty(const std::vector<Layer>& layers) {
    double sum = 0;
    for (const Layer& layer : layers) sum += layer.lambda * squares_of(layer.kernel);
    return sum;
}

void add_penalty_gradients(const std::vector<Layer>& layers, std::vector<Gradient>& d) {
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < layers[l].kernel.size(); ++i)
            d[l].dkernel[i] += 2 * layers[l].lambda * layers[l].kernel[i];
}

double batch_loss(const std::vector<double>& cross_entropies, const std::vector<Layer>& layers) {
    double sum = 0;
    for (const double loss : cross_entropies) sum += loss;
    return sum / static_cast<double>(cross_entropies.size()) + penalty(layers);
}

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>& layers) {
    double sum = 0, images = 0;
    for (const std::vector<double>& batch : batches)
        for (const double loss : batch) sum += loss, images += 1;
    return sum / images + penalty(layers);
}

void step_coupled(Array& w, const Array& dw, double lambda, Adam& adam) {
    Array g = dw;
    for (std::size_t i = 0; i < w.size(); ++i) g[i] += 2 * lambda * w[i];
    descend(w, g, adam);
}

void step_decoupled(Array& w, const Array& dw, double decay, Adam& adam) {
    for (double& value : w.values) value -= adam.learning_rate * decay * value;
    descend(w, dw, adam);
}

}  // namespace exercise
