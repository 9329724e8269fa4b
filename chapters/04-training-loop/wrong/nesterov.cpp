// part: sgd
// w moves by momentum v - rate dw, with the new v: that is Nesterov's momentum.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = momentum * v[i] - rate * dw[i];
        w[i] += momentum * v[i] - rate * dw[i];
    }
}

}  // namespace exercise
