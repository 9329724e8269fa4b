// part: multiply_blocked
// each block of terms replaces what the blocks before have summed (= for += between blocks):
// only the last block of k is left.
#include "chapters/03-matrix-product/exercise.h"

#include <algorithm>

namespace exercise {

Matrix multiply_blocked(const Matrix& x, const Matrix& w, std::size_t block) {
    const std::size_t M = x.rows(), K = x.columns(), O = w.columns();
    Matrix y(M, O);
    for (std::size_t i0 = 0; i0 < M; i0 += block)
        for (std::size_t k0 = 0; k0 < K; k0 += block)
            for (std::size_t j0 = 0; j0 < O; j0 += block) {
                const std::size_t k1 = std::min(k0 + block, K), j1 = std::min(j0 + block, O), i1 = std::min(i0 + block, M);
                for (std::size_t i = i0; i < i1; ++i)
                    for (std::size_t j = j0; j < j1; ++j) y(i, j) = 0;
                for (std::size_t i = i0; i < i1; ++i)
                    for (std::size_t k = k0; k < k1; ++k)
                        for (std::size_t j = j0; j < j1; ++j) y(i, j) += x(i, k) * w(k, j);
            }
    return y;
}

}  // namespace exercise
