// part: gradcheck
// elements on a kink are compared too, though there is no derivative there.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

bool gradcheck(const Op& op, const Array& start, RandomStream& random) {
    const double h = 1e-6;
    Array x = start;
    const Array y = op.forward(x);
    Array dy(y.shape);
    for (double& value : dy.values) value = random.normal();
    Array analytic = op.backward(x, dy), numeric = numeric_gradient(op.forward, x, dy, h);
    return relative_error(analytic, numeric) < 1e-5;
}

}  // namespace exercise
