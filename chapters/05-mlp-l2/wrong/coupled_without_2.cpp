// part: step_coupled
// the gradient is dw + λ w: the factor 2 is missing.
#include "chapters/05-mlp-l2/exercise.h"

#include <cmath>

namespace exercise {

namespace {

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

void step_coupled(Array& w, const Array& dw, double lambda, Adam& adam) {
    Array g = dw;
    for (std::size_t i = 0; i < w.size(); ++i) g[i] += lambda * w[i];
    descend(w, g, adam);
}

}  // namespace exercise
