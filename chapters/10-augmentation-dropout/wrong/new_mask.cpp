// part: dropout_backward
// backward draws a new mask, of the next step: gradients flow where nothing was kept.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    RandomKey next = key;
    ++next.step;
    Array dx(dy.shape);
    for (std::size_t i = 0; i < dx.size(); ++i) {
        const double u = to_uniform(random_block(next, static_cast<std::uint32_t>(i / 4))[i % 4]);
        dx[i] = u >= rate ? dy[i] / (1 - rate) : 0;
    }
    return dx;
}

}  // namespace exercise
