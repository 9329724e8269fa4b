// part: sgd
// w moves by the old v, before v has got the new gradient: each step comes one too late.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        w[i] += v[i];
        v[i] = momentum * v[i] - rate * dw[i];
    }
}

}  // namespace exercise
