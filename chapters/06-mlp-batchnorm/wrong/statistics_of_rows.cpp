// part: statistics
// x is read column by column, as (C, M): element (m, c) is number m C + c, and here c M + m is taken.
#include "chapters/06-mlp-batchnorm/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t C = x.shape[1];
    const double M = static_cast<double>(x.shape[0]);
    Statistics s{Array({C}), Array({C})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i / x.shape[0]] += x[i] / M;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double distance = x[i] - s.mean[i / x.shape[0]];
        s.variance[i / x.shape[0]] += distance * distance / M;
    }
    return s;
}

}  // namespace exercise
