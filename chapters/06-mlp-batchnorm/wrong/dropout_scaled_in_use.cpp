// part: dropout
// nothing is rescaled in training, and in use x is multiplied by 1 − rate instead. That is how it was first published; here the model in use
// is to have nothing to do.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

namespace {

// The factors of the elements of a mask: 0, or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey& key) {
    RandomStream random(key);
    Array factors(shape);
    for (double& factor : factors.values) factor = random.uniform() < rate ? 0 : 1;
    return factors;
}

}  // namespace

Array dropout(const Array& x, double rate, bool training, const RandomKey& key) {
    Array scaled = x;
    for (double& value : scaled.values) value *= 1 - rate;
    if (!training) return scaled;
    Array y = mask(x.shape, rate, key);
    for (std::size_t i = 0; i < x.size(); ++i) y[i] *= x[i];
    return y;
}

}  // namespace exercise
