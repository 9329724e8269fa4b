// Chapter 0: three functions. One is wrong, one crashes, one is not written yet. Run ./cairn grade 0, and mend them.
#include "chapters/00-start/exercise.h"

namespace exercise {

double multiply_add(double a, double b, double c) { return a * b; }

double mean(const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i <= x.size(); ++i) sum += x[i];
    return sum / static_cast<double>(x.size());
}

double relu(double x) { not_written_yet(); }

}  // namespace exercise
