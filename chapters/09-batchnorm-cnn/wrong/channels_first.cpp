// part: statistics
// the first axes are taken for the channel: x is read as (C, N H W).
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t channels = x.shape.back(), rows = x.size() / channels;
    Statistics s{Array({channels}), Array({channels})};
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double deviation = x[i] - s.mean[i / rows];
            if (pass == 0) s.mean[i / rows] += x[i] / static_cast<double>(rows);
            else s.variance[i / rows] += deviation * deviation / static_cast<double>(rows);
        }
    return s;
}

}  // namespace exercise
