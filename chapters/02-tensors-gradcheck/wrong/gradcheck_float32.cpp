// part: gradcheck
// the difference is taken in float: rounding alone makes an error of several percent.
#include "chapters/02-tensors-gradcheck/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

bool gradcheck(const Op& op, const Array& start, RandomStream& random) {
    const double h = 1e-6;
    Array x = start;
    const Array y = op.forward(x);
    Array dy(y.shape);
    for (double& value : dy.values) value = random.normal();
    Array analytic = op.backward(x, dy), numeric = numeric_gradient(op.forward, x, dy, h);
    for (std::size_t j = 0; j < x.size(); ++j) {
        Array at = x;
        at[j] += h;
        const Array plus = op.forward(at);
        at[j] -= 2 * h;
        const Array minus = op.forward(at);
        float slope = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            const auto above = static_cast<float>(plus[i]), below = static_cast<float>(minus[i]);
            slope += static_cast<float>(dy[i]) * (above - below) / static_cast<float>(2 * h);
        }
        numeric[j] = slope;
    }
    std::size_t compared = x.size();
    for (std::size_t j = 0; j < x.size(); ++j) {
        // On a kink the slopes to the left and to the right differ, however small h is.
        x[j] = start[j] + h;
        const Array plus = op.forward(x);
        x[j] = start[j] - h;
        const Array minus = op.forward(x);
        x[j] = start[j];
        double right = 0, left = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            right = std::max(right, std::abs((plus[i] - y[i]) - (y[i] - minus[i])));
            left = std::max({left, std::abs(plus[i] - y[i]), std::abs(y[i] - minus[i])});
        }
        if (right <= 1e-3 * left + 1e-13) continue;
        analytic[j] = numeric[j] = 0;
        --compared;
    }
    return compared > 0 && relative_error(analytic, numeric) < 1e-5;
}

}  // namespace exercise
