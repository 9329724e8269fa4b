// part: statistics
// the variance is divided by M - 1, the unbiased estimate; batch norm divides by M.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t channels = x.shape.back(), rows = x.size() / channels;
    Statistics s{Array({channels}), Array({channels})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % channels] += x[i] / static_cast<double>(rows);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double deviation = x[i] - s.mean[i % channels];
        s.variance[i % channels] += deviation * deviation / static_cast<double>(rows - 1);
    }
    return s;
}

}  // namespace exercise
