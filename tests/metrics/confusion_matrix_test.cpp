#include "cairn/metrics/scores.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <string>

namespace cairn::metrics {
namespace {

using test::error_message;

struct Case {
    const char* name;
    int classes;
    std::string actual, predicted;  // a digit per sample
    double accuracy;
    std::vector<double> precision, recall, f1;  // per class
    std::vector<std::int64_t> support;
    std::vector<double> macro;  // precision, recall, f1
};

// Computed by scikit-learn 1.9.1: the rows are the output of tests/metrics/golden_scores.py.
const Case cases[] = {
    {"all right",
     3,
     "0012",
     "0012",
     1.0,
     {1.0, 1.0, 1.0},
     {1.0, 1.0, 1.0},
     {1.0, 1.0, 1.0},
     {2, 1, 1},
     {1.0, 1.0, 1.0}},
    {"all wrong", 2, "0011", "1100", 0.0, {0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, {2, 2}, {0.0, 0.0, 0.0}},
    {"mixed",
     3,
     "000011112222",
     "001112112202",
     0.6666666666666666,
     {0.6666666666666666, 0.6, 0.75},
     {0.5, 0.75, 0.75},
     {0.5714285714285714, 0.6666666666666666, 0.75},
     {4, 4, 4},
     {0.6722222222222222, 0.6666666666666666, 0.6626984126984127}},
    {"class 2 is never predicted",
     3,
     "001122",
     "001101",
     0.6666666666666666,
     {0.6666666666666666, 0.6666666666666666, 0.0},
     {1.0, 1.0, 0.0},
     {0.8, 0.8, 0.0},
     {2, 2, 2},
     {0.4444444444444444, 0.6666666666666666, 0.5333333333333333}},
    {"class 1 has no sample",
     3,
     "000222",
     "011220",
     0.5,
     {0.5, 0.0, 1.0},
     {0.3333333333333333, 0.0, 0.6666666666666666},
     {0.4, 0.0, 0.8},
     {3, 0, 3},
     {0.5, 0.3333333333333333, 0.4000000000000001}},
    {"class 3 neither occurs nor is predicted",
     4,
     "001122",
     "011022",
     0.6666666666666666,
     {0.5, 0.5, 1.0, 0.0},
     {0.5, 0.5, 1.0, 0.0},
     {0.5, 0.5, 1.0, 0.0},
     {2, 2, 2, 0},
     {0.5, 0.5, 0.5}},
    {"one class", 1, "000", "000", 1.0, {1.0}, {1.0}, {1.0}, {3}, {1.0, 1.0, 1.0}},
    {"ten classes",
     10,
     "01234567890123456789",
     "01235567891123456780",
     0.85,
     {0.5, 0.6666666666666666, 1.0, 1.0, 1.0, 0.6666666666666666, 1.0, 1.0, 1.0, 1.0},
     {0.5, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.5},
     {0.5, 0.8, 1.0, 1.0, 0.6666666666666666, 0.8, 1.0, 1.0, 1.0, 0.6666666666666666},
     {2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
     {0.8833333333333332, 0.85, 0.8433333333333334}},
};

ConfusionMatrix matrix_of(const Case& c) {
    ConfusionMatrix matrix(c.classes);
    for (std::size_t i = 0; i < c.actual.size(); ++i) matrix.add(c.actual[i] - '0', c.predicted[i] - '0');
    return matrix;
}

// Catches rows taken for columns (precision and recall swapped), a mean weighted by support, a mean that leaves out
// classes without samples, 0/0, and one score noted as another. The scores are quotients of small integers and means of
// at most ten of them: the two programs may round differently by a few units of 2^-53.
TEST(ConfusionMatrix, AgreesWithScikitLearn) {
    constexpr double rounding = 1e-15;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const ConfusionMatrix matrix = matrix_of(c);
        EXPECT_EQ(matrix.samples(), static_cast<std::int64_t>(c.actual.size()));
        EXPECT_NEAR(matrix.accuracy(), c.accuracy, rounding);
        for (int label = 0; label < c.classes; ++label) {
            const auto i = static_cast<std::size_t>(label);
            const ClassScores scores = matrix.scores(label);
            EXPECT_NEAR(scores.precision, c.precision[i], rounding) << label;
            EXPECT_NEAR(scores.recall, c.recall[i], rounding) << label;
            EXPECT_NEAR(scores.f1, c.f1[i], rounding) << label;
            EXPECT_EQ(scores.support, c.support[i]) << label;
        }
        const ClassScores macro = matrix.macro();
        EXPECT_NEAR(macro.precision, c.macro[0], rounding);
        EXPECT_NEAR(macro.recall, c.macro[1], rounding);
        EXPECT_NEAR(macro.f1, c.macro[2], rounding);

        const Scores all = scores_of(matrix, 0.25);
        EXPECT_EQ(all.loss, 0.25);
        EXPECT_EQ(all.accuracy, matrix.accuracy());
        EXPECT_EQ(all.precision, macro.precision);
        EXPECT_EQ(all.recall, macro.recall);
        EXPECT_EQ(all.f1, macro.f1);
        EXPECT_EQ(all.confusion.counts(), matrix.counts());
    }
}

// Catches a transposed matrix.
TEST(ConfusionMatrix, RowsAreActualClasses) {
    ConfusionMatrix matrix(3);
    matrix.add(0, 2);
    matrix.add(0, 2);
    matrix.add(1, 1);
    EXPECT_EQ(matrix.counts(), (std::vector<std::vector<std::int64_t>>{{0, 0, 2}, {0, 1, 0}, {0, 0, 0}}));
    EXPECT_EQ(matrix.count(0, 2), 2);
    EXPECT_EQ(matrix.count(2, 0), 0);
    EXPECT_EQ(matrix.classes(), 3);
}

// Catches NaN before the first sample: a report may be written for an empty set.
TEST(ConfusionMatrix, WithoutSamplesEverythingIsZero) {
    const ConfusionMatrix matrix(2);
    EXPECT_EQ(matrix.samples(), 0);
    EXPECT_EQ(matrix.accuracy(), 0);
    EXPECT_EQ(matrix.macro().f1, 0);
    EXPECT_EQ(matrix.scores(1).support, 0);
}

// Catches a label that is counted in a neighbour's row or beyond the end.
TEST(ConfusionMatrix, RefusesOtherLabels) {
    ConfusionMatrix matrix(10);
    EXPECT_EQ(error_message([&] { matrix.add(10, 0); }),
              "confusion matrix: the label 10 is not one of its 10 classes (0 to 9)");
    EXPECT_THROW(matrix.add(0, 10), Error);
    EXPECT_THROW(matrix.add(-1, 0), Error);
    EXPECT_THROW(matrix.add(0, -1), Error);
    EXPECT_THROW(matrix.scores(10), Error);
    EXPECT_EQ(matrix.samples(), 0);
    EXPECT_EQ(error_message([] { ConfusionMatrix(0); }), "a confusion matrix needs at least one class, not 0");
}

}  // namespace
}  // namespace cairn::metrics
