// ConfusionMatrix: what a classifier took each class for, and the scores that follow from it.
//
// With n[a][p] = number of samples of class a that were predicted as class p:
//   accuracy     = sum over c of n[c][c] / sum of all n
//   support(c)   = sum over p of n[c][p]                    the samples of class c
//   precision(c) = n[c][c] / sum over a of n[a][c]          of those taken for c, the share that are c
//   recall(c)    = n[c][c] / support(c)                     of those that are c, the share that was found
//   f1(c)        = 2 n[c][c] / (support(c) + sum over a of n[a][c])    the harmonic mean of precision and recall
//   macro score  = unweighted mean of the score over all classes
// A quotient with denominator 0 counts as 0 (a class never predicted has precision 0), as scikit-learn's
// zero_division=0.
#pragma once

#include <cstdint>
#include <vector>

namespace cairn::metrics {

struct ClassScores {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    std::int64_t support = 0;
};

// A row per actual class, a column per predicted one.
using Counts = std::vector<std::vector<std::int64_t>>;

class ConfusionMatrix {
public:
    ConfusionMatrix() = default;  // without classes: nothing was counted
    // Throws Error unless there is at least one class.
    explicit ConfusionMatrix(int classes);
    // Throws Error unless the counts are square, not negative, and small enough to be added.
    explicit ConfusionMatrix(Counts counts);

    // Counts one sample. Throws Error unless both are in 0 … classes - 1.
    void add(int actual, int predicted);

    int classes() const { return static_cast<int>(counts_.size()); }
    std::int64_t samples() const;
    // Throws Error as add.
    std::int64_t count(int actual, int predicted) const;
    const Counts& counts() const { return counts_; }

    double accuracy() const;
    ClassScores scores(int label) const;
    // The mean over all classes, also over those without a sample; its support is samples().
    ClassScores macro() const;

private:
    void check_label(int label) const;

    Counts counts_;
};

}  // namespace cairn::metrics
