// part: fit_tanh
// the steps go up the slope: += where -= belongs.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) {
    Line line;
    for (int step = 0; step < steps; ++step) {
        const Value a(line.a), b(line.b);
        Value loss(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const Value error = tanh(a * x[i] + b) + -y[i];
            loss = loss + error * error;
        }
        backward(loss);
        line.a += rate * a.gradient();
        line.b += rate * b.gradient();
    }
    return line;
}

}  // namespace exercise
