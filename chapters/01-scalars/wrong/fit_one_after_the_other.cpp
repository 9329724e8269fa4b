// part: fit_tanh
// b's step is computed after a's: with the loss of an a that has already moved.
#include "chapters/01-scalars/exercise.h"

namespace exercise {

namespace {

Value loss_of(const Value& a, const Value& b, const std::vector<double>& x, const std::vector<double>& y) {
    Value loss(0);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Value error = tanh(a * x[i] + b) + -y[i];
        loss = loss + error * error;
    }
    return loss;
}

}  // namespace

Line fit_tanh(const std::vector<double>& x, const std::vector<double>& y, double rate, int steps) {
    Line line;
    for (int step = 0; step < steps; ++step) {
        const Value a(line.a), b(line.b);
        backward(loss_of(a, b, x, y));
        line.a -= rate * a.gradient();
        backward(loss_of(Value(line.a), b, x, y));
        line.b -= rate * b.gradient();
    }
    return line;
}

}  // namespace exercise
