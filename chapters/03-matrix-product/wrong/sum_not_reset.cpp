// part: multiply
// the sum is not set to 0 for each element: it goes on from the element before.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    double sum = 0;
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            for (std::size_t k = 0; k < x.columns(); ++k) sum += x(i, k) * w(k, j);
            y(i, j) = sum;
        }
    return y;
}

}  // namespace exercise
