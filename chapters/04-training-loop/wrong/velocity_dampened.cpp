// part: sgd
// the new part is multiplied by 1 - momentum: that is a mean of the gradients (Adam's m).
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = momentum * v[i] - (1 - momentum) * rate * dw[i];
        w[i] += v[i];
    }
}

}  // namespace exercise
