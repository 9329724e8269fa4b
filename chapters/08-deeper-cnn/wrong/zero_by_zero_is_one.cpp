// part: scores
// 0 / 0 is counted as 1.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

double quotient(double part, double whole) { return whole == 0 ? 1 : part / whole; }

}  // namespace

Scores scores(const Array& confusion) {
    const std::size_t n = confusion.shape[0];
    const double classes = static_cast<double>(n);
    Scores result;
    double correct = 0, all = 0;
    for (std::size_t c = 0; c < n; ++c) {
        const double hits = confusion[c * n + c];
        double actual = 0, predicted = 0;
        for (std::size_t other = 0; other < n; ++other) {
            actual += confusion[c * n + other];
            predicted += confusion[other * n + c];
        }
        const double precision = quotient(hits, predicted), recall = quotient(hits, actual);
        result.precision += precision / classes;
        result.recall += recall / classes;
        result.f1 += quotient(2 * precision * recall, precision + recall) / classes;
        correct += hits;
        all += actual;
    }
    result.accuracy = quotient(correct, all);
    return result;
}

}  // namespace exercise
