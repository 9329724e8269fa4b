// part: dropout_backward
// dy passes as if nothing had been dropped.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    Array dx(dy.shape);
    for (std::size_t i = 0; i < dx.size(); ++i) {
        const double u = 1;
        dx[i] = u >= rate ? dy[i] : 0;
    }
    return dx;
}

}  // namespace exercise
