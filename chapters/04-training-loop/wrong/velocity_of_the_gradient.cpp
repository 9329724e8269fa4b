// part: sgd
// v = momentum v + dw is kept, and w moves by -rate v. With one rate that is the same; here the rate changes,
// and the moves made before should not change with it.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

void sgd_step(Array& w, const Array& dw, Array& v, double rate, double momentum) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = momentum * v[i] + dw[i];
        w[i] -= rate * v[i];
    }
}

}  // namespace exercise
