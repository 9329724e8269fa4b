// part: sum
// the sum is divided by the number of its terms: that is the mean.
#include "chapters/02-tensors-gradcheck/exercise.h"

namespace exercise {

namespace {

// x (outer, n, inner) as one axis sees it.
struct Axis {
    std::size_t outer = 1, n = 1, inner = 1;
};

Axis split(const Sizes& shape, std::size_t axis) {
    Axis result;
    for (std::size_t a = 0; a < shape.size(); ++a) (a < axis ? result.outer : a == axis ? result.n
                                                                                        : result.inner) *= shape[a];
    return result;
}

}  // namespace

Array sum(const Array& x, std::size_t axis, bool keepdims) {
    const auto [outer, n, inner] = split(x.shape, axis);
    Array y(x.shape);
    if (keepdims) y.shape[axis] = 1;
    else y.shape.erase(y.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    y.values.assign(outer * inner, 0.0);
    for (std::size_t o = 0; o < outer; ++o)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < inner; ++i) y[o * inner + i] += x[(o * n + k) * inner + i] / static_cast<double>(n);
    return y;
}

}  // namespace exercise
