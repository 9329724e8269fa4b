// part: dropout_backward
// the gradient of dropped elements is handed on: there is no mask in backward.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

namespace {

// The factors of the elements of a mask: 0, or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey&) {
    Array factors(shape);
    for (double& factor : factors.values) factor = 1 / (1 - rate);
    return factors;
}

}  // namespace

Array dropout_backward(const Array& dy, double rate, bool training, const RandomKey& key) {
    if (!training) return dy;
    Array dx = mask(dy.shape, rate, key);
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] *= dy[i];
    return dx;
}

}  // namespace exercise
