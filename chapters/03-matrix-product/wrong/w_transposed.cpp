// part: multiply
// w is read transposed, w(j, k) for w(k, j): rows of x are multiplied with rows of w.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < x.columns(); ++k) sum += x(i, k) * w(j, k);
            y(i, j) = sum;
        }
    return y;
}

}  // namespace exercise
