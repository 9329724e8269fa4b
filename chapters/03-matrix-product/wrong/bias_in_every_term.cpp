// part: dense
// b is added within the loop over k: once for every term of the sum.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix dense(const Matrix& x, const Matrix& w, const Matrix& b) {
    Matrix z = multiply(x, w);
    for (std::size_t i = 0; i < z.rows(); ++i)
        for (std::size_t j = 0; j < z.columns(); ++j) z(i, j) += static_cast<double>(x.columns()) * b(0, j);
    return z;
}

}  // namespace exercise
