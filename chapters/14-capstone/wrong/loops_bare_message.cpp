// part: loops
// the message says that something is wrong, and not what: it should tell both shapes.
#include "chapters/14-capstone/exercise.h"

#include <cmath>

namespace exercise {

using cairn::check;

namespace {

void check_arguments(const Array& x, const Array& gain, double epsilon) {
    check(!x.shape.empty() && gain.shape == Sizes{x.shape.back()} && epsilon > 0, "rms_norm: wrong arguments");
}

double root_of(const double* x, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[c] * x[c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

}  // namespace

Array rms_norm_loops(const Array& x, const Array& gain, double epsilon) {
    check_arguments(x, gain, epsilon);
    const std::size_t columns = gain.size(), rows = columns == 0 ? 0 : x.size() / columns;
    Array y(x.shape);
    for (std::size_t m = 0; m < rows; ++m) {
        const double root = root_of(&x.values[m * columns], columns, epsilon);
        for (std::size_t c = 0; c < columns; ++c) y[m * columns + c] = gain[c] * x[m * columns + c] / root;
    }
    return y;
}

}  // namespace exercise
