// part: statistics
// the sums of a channel are divided by N H W C, the number of all values; each channel has N H W of them.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t channels = x.shape.back(), rows = x.size() / channels;
    Statistics s{Array({channels}), Array({channels})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % channels] += x[i] / static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double deviation = x[i] - s.mean[i % channels];
        s.variance[i % channels] += deviation * deviation / static_cast<double>(x.size());
    }
    return s;
}

}  // namespace exercise
