#include "cairn/backend/cpu/gemm.h"

#include "cairn/backend/cpu/blas_memory.h"
#include "cairn/core/error.h"

#include <cblas.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace cairn::cpu {

namespace {

blasint blas_size(std::int64_t size) {
    invariant(size <= std::numeric_limits<blasint>::max(), "a matrix side of {} is beyond OpenBLAS's integers", size);
    return static_cast<blasint>(size);
}

// BLAS refuses a stride of 0, which an empty matrix may have.
blasint blas_stride(std::int64_t stride) { return blas_size(std::max<std::int64_t>(1, stride)); }

// Where it has kernels for AVX-512, OpenBLAS multiplies matrices with M N K <= 10^6 straight from where they lie, without packing
// them first, unless b is transposed. That is faster, so larger products are cut into slices of that size: some of c's rows, or
// some terms of all its sums.
bool small_products_are_faster() {
    static const bool faster = [] {
        const std::string_view core = openblas_get_corename();
        return core == "SkylakeX" || core == "Cooperlake" || core == "SapphireRapids";
    }();
    return faster;
}

// The size of a slice out of `length` if a unit of it costs `cost` multiplications. 0: one product will do, or the
// slices would be so thin that their overhead eats the gain.
std::int64_t slice_of(std::int64_t length, std::int64_t cost, std::int64_t thinnest) {
    constexpr std::int64_t small_product = 1'000'000;
    const std::int64_t slice = small_product / std::max<std::int64_t>(1, cost) / 4 * 4;
    return slice >= thinnest && slice < length ? slice : 0;
}

}  // namespace

template <typename T>
void gemm(const ProductSizes& sizes, Matrix<const T> a, Matrix<const T> b, bool accumulate, Matrix<T> c) {
    reserve_blas_memory();
    const auto [M, N, K] = sizes;
    constexpr auto multiply = [] {
        if constexpr (std::is_same_v<T, float>) return cblas_sgemm;
        else return cblas_dgemm;
    }();
    const CBLAS_TRANSPOSE op_a = a.transposed ? CblasTrans : CblasNoTrans;
    const CBLAS_TRANSPOSE op_b = b.transposed ? CblasTrans : CblasNoTrans;
    const blasint a_stride = blas_stride(a.stride), b_stride = blas_stride(b.stride), c_stride = blas_stride(c.stride);
    const auto product = [=, columns = blas_size(N)](std::int64_t m, std::int64_t k, const T* from_a, const T* from_b,
                                                     bool add, T* to) {
        const blasint rows = blas_size(m), depth = blas_size(k);
        const T beta = add ? 1 : 0;
        multiply(CblasRowMajor, op_a, op_b, rows, columns, depth, 1, from_a, a_stride, from_b, b_stride, beta, to,
                 c_stride);
    };
    std::int64_t row_slice = 0, term_slice = 0;
    if (std::is_same_v<T, float> && !b.transposed && small_products_are_faster()) {
        row_slice = slice_of(M, N * K, a.transposed ? 32 : 8);
        term_slice = slice_of(K, M * N, a.transposed ? 24 : 48);
    }
    // Where both cuts would do, the one along which a's slices are whole rows of memory.
    if (row_slice > 0 && (term_slice == 0 || !a.transposed)) {
        for (std::int64_t row = 0; row < M; row += row_slice) {
            product(std::min(row_slice, M - row), K, a.from_row(row).data, b.data, accumulate, c.from_row(row).data);
        }
    } else if (term_slice > 0) {
        for (std::int64_t term = 0; term < K; term += term_slice) {
            product(M, std::min(term_slice, K - term), a.from_column(term).data, b.from_row(term).data,
                    accumulate || term > 0, c.data);
        }
    } else {
        product(M, K, a.data, b.data, accumulate, c.data);
    }
}

template void gemm<float>(const ProductSizes&, Matrix<const float>, Matrix<const float>, bool, Matrix<float>);
template void gemm<double>(const ProductSizes&, Matrix<const double>, Matrix<const double>, bool, Matrix<double>);

void use_one_blas_thread() { openblas_set_num_threads(1); }

std::string blas_core() { return openblas_get_corename(); }

}  // namespace cairn::cpu
