// gemm: the matrix product, the one file that knows OpenBLAS. OpenBLAS runs with one thread per call; the threads are
// ours.
#pragma once

#include "cairn/backend/cpu/loops.h"

#include <algorithm>
#include <string>

namespace cairn::cpu {

// A row-major matrix inside memory whose rows lie `stride` elements apart; transposed: the product uses its transpose.
template <typename T>
struct Matrix {
    T* data;
    std::int64_t stride;
    bool transposed = false;

    // The operand from row (column) `begin` of op(matrix) on.
    Matrix from_row(std::int64_t begin) const { return {data + begin * (transposed ? 1 : stride), stride, transposed}; }
    Matrix from_column(std::int64_t begin) const {
        return {data + begin * (transposed ? stride : 1), stride, transposed};
    }
};

// Of c (M, N) = op(a) (M, K) op(b) (K, N).
struct ProductSizes {
    std::int64_t M, N, K;
};

// c = op(a) op(b), or c += op(a) op(b) if accumulate, in the calling thread.
template <typename T>
void gemm(const ProductSizes& sizes, Matrix<const T> a, Matrix<const T> b, bool accumulate, Matrix<T> c);

// The same with c cut along its longer side, one part per thread. then(rows, columns, row, column) is called for each
// part of c, which starts at (row, column), by the thread that computed it, while it is in that thread's cache.
template <typename T, typename Then>
void parallel_gemm(const ProductSizes& sizes, Matrix<const T> a, Matrix<const T> b, bool accumulate, Matrix<T> c,
                   const Then& then) {
    const std::int64_t M = sizes.M, N = sizes.N, K = sizes.K;
    constexpr std::int64_t unit = 16;  // cuts fall on multiples of OpenBLAS's own tiles
    const bool by_rows = M > N;
    const std::int64_t length = by_rows ? M : N;
    const std::int64_t grain = product_grain(unit * K * (by_rows ? N : M));
    parallel_for((length + unit - 1) / unit, grain, [&](std::int64_t first, std::int64_t last, int) {
        const std::int64_t begin = first * unit, n = std::min(length, last * unit) - begin;
        if (by_rows) {
            gemm<T>({n, N, K}, a.from_row(begin), b, accumulate, c.from_row(begin));
            then(n, N, begin, std::int64_t{0});
        } else {
            gemm<T>({M, n, K}, a, b.from_column(begin), accumulate, c.from_column(begin));
            then(M, n, std::int64_t{0}, begin);
        }
    });
}

void use_one_blas_thread();
std::string blas_core();  // "SkylakeX": the processor family whose kernels OpenBLAS runs

}  // namespace cairn::cpu
