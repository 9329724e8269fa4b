// part: multiply_blocked
// the block is not used: the numbers are right, and w is read anew for every row of x.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t) {
    const std::size_t M = x.rows(), K = x.columns(), O = w.columns();
    Matrix y(M, O);
    for (std::size_t i0 = 0; i0 < 1; ++i0)
        for (std::size_t k0 = 0; k0 < 1; ++k0)
            for (std::size_t j0 = 0; j0 < 1; ++j0) {
                const std::size_t k1 = K, j1 = O, i1 = M;
                for (std::size_t i = i0; i < i1; ++i)
                    for (std::size_t k = k0; k < k1; ++k)
                        for (std::size_t j = j0; j < j1; ++j) y(i, j) += x(i, k) * w(k, j);
            }
    return y;
}

}  // namespace exercise
