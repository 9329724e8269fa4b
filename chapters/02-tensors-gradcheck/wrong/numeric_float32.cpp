// part: numeric_gradient
// the difference is computed in float: 24 bits leave few digits of a difference of nearly equal numbers.
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
        for (std::size_t i = 0; i < dy.size(); ++i) dx[j] += static_cast<float>(dy[i]) * (static_cast<float>(plus[i]) - static_cast<float>(minus[i])) / static_cast<float>(2 * h);
    }
    return dx;
}

}  // namespace exercise
