// part: scores
// F1 is computed from the mean precision and the mean recall. It is the mean of the classes' own F1, which is less where the two differ.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

double quotient(double part, double whole) { return whole == 0 ? 0 : part / whole; }

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
        correct += hits;
        all += actual;
    }
    result.accuracy = quotient(correct, all);
    result.f1 = quotient(2 * result.precision * result.recall, result.precision + result.recall);
    return result;
}

}  // namespace exercise
