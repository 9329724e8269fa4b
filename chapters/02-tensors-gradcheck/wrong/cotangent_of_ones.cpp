// part: numeric_gradient
// the outputs are summed without their factors dy.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

Array numeric_gradient(const Function& f, Array& x, const Array& dy, double h) {
    Array dx(x.shape);
    for (std::size_t j = 0; j < x.size(); ++j) {
        const double before = x[j];
        x[j] = before + h;
        const Array plus = f(x);
        x[j] = before - h;
        const Array minus = f(x);
        x[j] = before;
        for (std::size_t i = 0; i < dy.size(); ++i) dx[j] += (plus[i] - minus[i]) / (2 * h);
    }
    return dx;
}

}  // namespace exercise
