#include "metrics/confusion_matrix.h"

#include "core/error.h"

#include <numeric>

namespace cairn::metrics {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int classes) : classes_(classes) {
    check(classes >= 1, "a confusion matrix needs at least one class, not {}", classes);
    counts_.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes), 0);
}

std::size_t ConfusionMatrix::index(int actual, int predicted) const {
    for (const int label : {actual, predicted})
        check(label >= 0 && label < classes_, "confusion matrix: the label {} is not one of its {} classes (0 to {})",
              label, classes_, classes_ - 1);
    return static_cast<std::size_t>(actual) * static_cast<std::size_t>(classes_) + static_cast<std::size_t>(predicted);
}

void ConfusionMatrix::add(int actual, int predicted) { ++counts_[index(actual, predicted)]; }

std::int64_t ConfusionMatrix::samples() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

double ConfusionMatrix::accuracy() const {
    std::int64_t correct = 0;
    for (int label = 0; label < classes_; ++label) correct += count(label, label);
    return ratio(correct, samples());
}

ClassScores ConfusionMatrix::scores(int label) const {
    std::int64_t actual = 0, predicted = 0;
    for (int other = 0; other < classes_; ++other) {
        actual += count(label, other);
        predicted += count(other, label);
    }
    const std::int64_t hits = count(label, label);
    return {.precision = ratio(hits, predicted),
            .recall = ratio(hits, actual),
            .f1 = ratio(2 * hits, actual + predicted),
            .support = actual};
}

MacroScores ConfusionMatrix::macro() const {
    MacroScores mean;
    for (int label = 0; label < classes_; ++label) {
        const ClassScores s = scores(label);
        mean.precision += s.precision / classes_;
        mean.recall += s.recall / classes_;
        mean.f1 += s.f1 / classes_;
    }
    return mean;
}

}  // namespace cairn::metrics
