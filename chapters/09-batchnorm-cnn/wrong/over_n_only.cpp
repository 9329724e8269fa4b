// part: statistics
// the mean is taken over the images only: each place (h, w) has its own, which is the batch norm of a dense layer.
#include "chapters/09-batchnorm-cnn/exercise.h"

namespace exercise {

Statistics statistics(const Array& x) {
    const std::size_t images = x.shape[0], rest = x.size() / images;
    Statistics s{Array({x.shape[1], x.shape[2], x.shape[3]}), Array({x.shape[1], x.shape[2], x.shape[3]})};
    for (std::size_t i = 0; i < x.size(); ++i) s.mean[i % rest] += x[i] / static_cast<double>(images);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double deviation = x[i] - s.mean[i % rest];
        s.variance[i % rest] += deviation * deviation / static_cast<double>(images);
    }
    return s;
}

}  // namespace exercise
