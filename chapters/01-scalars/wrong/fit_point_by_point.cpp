// part: fit_tanh
// a step is taken for each point, where one for the sum over all points was asked for.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) {
    Line line;
    for (int step = 0; step < steps; ++step)
        for (std::size_t i = 0; i < x.size(); ++i) {
            const Value a(line.a), b(line.b), error = tanh(a * x[i] + b) + -y[i];
            backward(error * error);
            line.a -= rate * a.gradient();
            line.b -= rate * b.gradient();
        }
    return line;
}

}  // namespace exercise
