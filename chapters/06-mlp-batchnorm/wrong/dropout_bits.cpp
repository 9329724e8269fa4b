// part: dropout
// a number from next() is compared with the rate. next() gives 32 bits, uniform() a number between 0 and 1.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

namespace {

// The factors of the elements of a mask: 0, or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey& key) {
    RandomStream random(key);
    Array factors(shape);
    for (double& factor : factors.values) factor = random.next() < rate ? 0 : 1 / (1 - rate);
    return factors;
}

}  // namespace

Array dropout(const Array& x, double rate, bool training, const RandomKey& key) {
    if (!training) return x;
    Array y = mask(x.shape, rate, key);
    for (std::size_t i = 0; i < x.size(); ++i) y[i] *= x[i];
    return y;
}

}  // namespace exercise
