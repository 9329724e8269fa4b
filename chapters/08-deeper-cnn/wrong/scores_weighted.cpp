// part: scores
// each class counts as much as it has images (the weighted average). The macro average counts all classes alike.
#include "chapters/08-deeper-cnn/exercise.h"

namespace exercise {

namespace {

double quotient(double part, double whole) { return whole == 0 ? 0 : part / whole; }

}  // namespace

Scores scores(const Array& confusion) {
    const std::size_t n = confusion.shape[0];
    double images = 0;
    for (const double count : confusion.values) images += count;
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
        result.precision += precision * actual / images;
        result.recall += recall * actual / images;
        result.f1 += quotient(2 * precision * recall, precision + recall) * actual / images;
        correct += hits;
        all += actual;
    }
    result.accuracy = quotient(correct, all);
    return result;
}

}  // namespace exercise
