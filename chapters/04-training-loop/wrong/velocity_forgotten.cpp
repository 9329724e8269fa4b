// part: sgd
// v is not kept: each step has the gradient alone.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = -rate * dw[i];
        w[i] += v[i];
    }
}

}  // namespace exercise
