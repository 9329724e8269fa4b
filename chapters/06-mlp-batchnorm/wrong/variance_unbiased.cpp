// part: statistics
// the variance is divided by M − 1. That estimates the variance of a population; batch normalization takes the variance of these M numbers,
// and with M = 1 it would divide by 0.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    Statistics s{Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % C] += x[i] / M;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double distance = x[i] - s.mean[i % C];
        s.variance[i % C] += distance * distance / (M - 1);
    }
    return s;
}

}  // namespace exercise
