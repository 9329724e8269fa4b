// part: sgd
// the velocity is added with the wrong sign: w - v goes uphill.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = momentum * v[i] - rate * dw[i];
        w[i] -= v[i];
    }
}

}  // namespace exercise
