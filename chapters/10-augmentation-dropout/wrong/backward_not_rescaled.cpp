// part: dropout_backward
// the gradient is not divided by 1 − rate, as forward did with x.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    Array dx(dy.shape);
    for (std::size_t i = 0; i < dx.size(); ++i) {
        const double u = to_uniform(random_block(key, static_cast<std::uint32_t>(i / 4))[i % 4]);
        dx[i] = u >= rate ? dy[i] : 0;
    }
    return dx;
}

}  // namespace exercise
