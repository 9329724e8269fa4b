// part: loops_backward
// the second term of dx is not divided by C: the derivative of the mean square by x is 2 x / C.
#include "chapters/14-capstone/exercise.h"

#include <cmath>

namespace exercise {

using cairn::check;
using cairn::course::text_of;

namespace {

void check_arguments(const Array& x, const Array& gain, double epsilon) {
    check(!x.shape.empty(), "rms_norm: x {} is a single number; it needs an axis to norm", text_of(x.shape));
    check(gain.shape == Sizes{x.shape.back()}, "rms_norm: gain {} must be ({}), the last axis of x {}",
          text_of(gain.shape), x.shape.back(), text_of(x.shape));
    check(epsilon > 0 && std::isfinite(epsilon), "rms_norm: epsilon {} must be above 0", epsilon);
}

double root_of(const double* x, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[c] * x[c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

}  // namespace

Gradients rms_norm_loops_backward(const Array& x, const Array& gain, double epsilon, const Array& dy) {
    check_arguments(x, gain, epsilon);
    check(dy.shape == x.shape, "rms_norm: dy {} must have the shape of x {}", text_of(dy.shape), text_of(x.shape));
    const std::size_t columns = gain.size(), rows = columns == 0 ? 0 : x.size() / columns;
    Gradients d{Array(x.shape), Array(gain.shape)};
    for (std::size_t m = 0; m < rows; ++m) {
        const double root = root_of(&x.values[m * columns], columns, epsilon);
        double dot = 0;
        for (std::size_t i = m * columns; i < (m + 1) * columns; ++i) dot += gain[i % columns] * dy[i] * x[i];
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            d.dx[i] = gain[c] * dy[i] / root - x[i] * dot / (root * root * root);
            d.dgain[c] += dy[i] * x[i] / root;
        }
    }
    return d;
}

}  // namespace exercise
