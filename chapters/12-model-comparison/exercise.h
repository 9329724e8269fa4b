// Chapter 12: what you write in exercise.cpp. Formulas and the format of history.csv stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

#include <string>

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;

// A history.csv: a line of names, then a line per epoch. Returns the numbers of the column `name` in the order of the epochs.
std::vector<double> column(const std::string& csv, const std::string& name);

// The mean of the last five numbers, of all if there are fewer; there is at least one.
double last_five(const std::vector<double>& values);

// The test accuracy of the epoch that has the best validation accuracy, the first one of several. One number per epoch each.
double test_of_best_epoch(const std::vector<double>& validation, const std::vector<double>& test);

// The macro F1 of counts (classes, classes), row: what an image is, column: what it was taken for. The F1 of a class is
// 2 right / (images of it + images taken for it), 0 where both are 0.
double macro_f1(const Array& counts);

struct Spread {
    double mean, deviation;
};

// Of the results of several seeds. The deviation is an estimate of what other seeds would show: the squares are divided by one
// less than their number. Of a single seed it is not known: NaN.
Spread spread(const std::vector<double>& results);

// The loss without its penalty: lambda times the sum of the squares of all numbers of the kernels.
double without_penalty(double loss, double lambda, const std::vector<Array>& kernels);

// If the seeds of a and b differed by chance only, every way to choose a.size() of all results for a would be as likely. Returns
// the share of these ways in which the mean of a minus that of b is at least as large as it is (up to 1e-12, for rounding).
double chance(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace exercise
