// part: numeric_gradient
// x goes back by adding h to x - h. In floating point that is not always x: keep the old value and put it back.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h) {
    Array dx(x.shape);
    for (std::size_t j = 0; j < x.size(); ++j) {
        x[j] += h;
        const Array plus = f(x);
        x[j] -= 2 * h;
        const Array minus = f(x);
        x[j] += h;
        for (std::size_t i = 0; i < dy.size(); ++i) dx[j] += dy[i] * (plus[i] - minus[i]) / (2 * h);
    }
    return dx;
}

}  // namespace exercise
