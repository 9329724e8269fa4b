// part: dropout_backward
// backward draws a new mask, that of the next step: elements that were dropped get a gradient, and others lose theirs.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

namespace {

// The factors of the elements of a mask: 0, or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey& key) {
    RandomStream random(key);
    Array factors(shape);
    for (double& factor : factors.values) factor = random.uniform() < rate ? 0 : 1 / (1 - rate);
    return factors;
}

}  // namespace

Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key) {
    if (!training) return dy;
    Array dx = mask(dy.shape, rate, {key.seed, key.stream, key.step + 1});
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] *= dy[i];
    return dx;
}

}  // namespace exercise
