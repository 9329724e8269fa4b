// Another right answer: with the standard library.
#include "chapters/00-start/exercise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace exercise {

double multiply_add(double a, double b, double c) { return std::fma(a, b, c); }

double mean(const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double relu(double x) { return std::max(x, 0.0); }

}  // namespace exercise
