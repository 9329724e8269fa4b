// part: multiply
// y has the shape (O, M): it is the transposed product.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply(const Matrix& x, const Matrix& w) {
    Matrix y(w.columns(), x.rows());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t j = 0; j < w.columns(); ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < x.columns(); ++k) sum += x(i, k) * w(k, j);
            y(j, i) = sum;
        }
    return y;
}

}  // namespace exercise
