#include "cairn/metrics/confusion_matrix.h"

#include "cairn/core/error.h"

#include <numeric>

namespace cairn::metrics {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int classes) {
    check(classes >= 1, "a confusion matrix needs at least one class, not {}", classes);
    const auto n = static_cast<std::size_t>(classes);
    counts_.assign(n, std::vector<std::int64_t>(n, 0));
}

ConfusionMatrix::ConfusionMatrix(Counts counts) : counts_(std::move(counts)) {
    constexpr std::int64_t most = std::int64_t{1} << 53;  // together; a double holds no more exactly
    std::int64_t left = most;
    for (const auto& row : counts_) {
        check(row.size() == counts_.size(), "a confusion matrix of {} rows is not square: a row has {} counts",
              counts_.size(), row.size());
        for (const std::int64_t count : row) {
            check(count >= 0 && count <= left,
                  "a confusion matrix holds the count {}; counts are 0 or more, and {} at most together", count, most);
            left -= count;
        }
    }
}

void ConfusionMatrix::check_label(int label) const {
    check(label >= 0 && label < classes(), "confusion matrix: the label {} is not one of its {} classes (0 to {})",
          label, classes(), classes() - 1);
}

std::int64_t ConfusionMatrix::count(int actual, int predicted) const {
    for (const int label : {actual, predicted}) check_label(label);
    return counts_[static_cast<std::size_t>(actual)][static_cast<std::size_t>(predicted)];
}

void ConfusionMatrix::add(int actual, int predicted) {
    for (const int label : {actual, predicted}) check_label(label);
    ++counts_[static_cast<std::size_t>(actual)][static_cast<std::size_t>(predicted)];
}

std::int64_t ConfusionMatrix::samples() const {
    std::int64_t all = 0;
    for (const auto& row : counts_) all = std::accumulate(row.begin(), row.end(), all);
    return all;
}

double ConfusionMatrix::accuracy() const {
    std::int64_t correct = 0;
    for (int label = 0; label < classes(); ++label) correct += count(label, label);
    return ratio(correct, samples());
}

ClassScores ConfusionMatrix::scores(int label) const {
    std::int64_t actual = 0, predicted = 0;
    for (int other = 0; other < classes(); ++other) {
        actual += count(label, other);
        predicted += count(other, label);
    }
    const std::int64_t hits = count(label, label);
    return {.precision = ratio(hits, predicted),
            .recall = ratio(hits, actual),
            .f1 = ratio(2 * hits, actual + predicted),
            .support = actual};
}

ClassScores ConfusionMatrix::macro() const {
    ClassScores mean;
    for (int label = 0; label < classes(); ++label) {
        const ClassScores s = scores(label);
        mean.precision += s.precision / classes();
        mean.recall += s.recall / classes();
        mean.f1 += s.f1 / classes();
        mean.support += s.support;
    }
    return mean;
}

}  // namespace cairn::metrics
