// part: multiply_ikj
// row i of y is replaced for each k (= where += belongs): only the last term is left.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply_ikj(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k)
            for (std::size_t j = 0; j < w.columns(); ++j) y(i, j) = x(i, k) * w(k, j);
    return y;
}

}  // namespace exercise
