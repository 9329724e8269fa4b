// part: loops
// a gain that does not fit is not refused. Its numbers are read as far as they go, and beyond.
#include "chapters/14-capstone/exercise.h"

#include <cmath>

namespace exercise {

namespace {

double root_of(const double* x, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[c] * x[c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

}  // namespace

Array rms_norm_loops(const Array& x, const Array& gain, double epsilon) {
    const std::size_t columns = x.shape.back(), rows = columns == 0 ? 0 : x.size() / columns;
    Array y(x.shape);
    for (std::size_t m = 0; m < rows; ++m) {
        const double root = root_of(&x.values[m * columns], columns, epsilon);
        for (std::size_t c = 0; c < columns; ++c) y[m * columns + c] = gain[c] * x[m * columns + c] / root;
    }
    return y;
}

}  // namespace exercise
