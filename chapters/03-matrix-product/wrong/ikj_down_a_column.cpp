// part: multiply_ikj
// the innermost loop still runs over k: it goes down a column of w, and each step is a jump of O numbers.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply_ikj(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < x.columns(); ++k) sum += x(i, k) * w(k, j);
            y(i, j) = sum;
        }
    return y;
}

}  // namespace exercise
