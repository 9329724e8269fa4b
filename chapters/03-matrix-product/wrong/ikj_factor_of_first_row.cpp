// part: multiply_ikj
// the factor of the innermost loop is x(0, k): it does not change with i.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply_ikj(const Matrix& x, const Matrix& w) {
    Matrix y(x.rows(), w.columns());
    for (std::size_t i = 0; i < x.rows(); ++i)
        for (std::size_t k = 0; k < x.columns(); ++k)
            for (std::size_t j = 0; j < w.columns(); ++j) y(i, j) += x(0, k) * w(k, j);
    return y;
}

}  // namespace exercise
