// part: dropout_backward
// dy is divided by 1 − rate everywhere; where x was dropped its gradient is 0.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    Array dx(dy.shape);
    for (std::size_t i = 0; i < dx.size(); ++i) {
        const double u = 1;
        dx[i] = u >= rate ? dy[i] / (1 - rate) : 0;
    }
    return dx;
}

}  // namespace exercise
