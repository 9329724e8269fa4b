#include "cairn/backend/cpu/batch_norm.h"

#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/scratch.h"

#include <algorithm>
#include <cmath>

namespace cairn {

namespace {

// Sums over rows are taken in T over a block and in double over the blocks: vectors of T, and an error that does not
// grow with the number of rows.
constexpr std::int64_t block_rows = 64;

// Mean and sum of squared deviations of one channel over the first `rows` rows, and those of further rows merged in:
//   mean = mean_a + d rows_b / rows    squares = squares_a + squares_b + d^2 rows_a rows_b / rows
//   with d = mean_b - mean_a
// (Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
void merge(double rows_a, double* __restrict mean_a, double* __restrict squares_a, double rows_b,
           const double* __restrict mean_b, const double* __restrict squares_b, std::int64_t C) {
    const double share_b = rows_b / (rows_a + rows_b), weight = rows_a * share_b;
    for (std::int64_t c = 0; c < C; ++c) {
        const double difference = mean_b[c] - mean_a[c];
        mean_a[c] += difference * share_b;
        squares_a[c] += squares_b[c] + difference * difference * weight;
    }
}

// One pass over memory: each block is read twice, the second time from cache. block and of_block (2, C) are scratch.
template <typename T>
void statistics_of_rows(const T* x, std::int64_t rows, std::int64_t C, T* __restrict block, double* __restrict of_block,
                        double* __restrict mean, double* __restrict squares) {
    T *sum = block, *deviations = block + C;
    std::fill_n(mean, C, 0.0);
    std::fill_n(squares, C, 0.0);
    for (std::int64_t begin = 0; begin < rows; begin += block_rows) {
        const std::int64_t n = std::min(block_rows, rows - begin);
        const T* first = x + begin * C;
        std::fill_n(sum, 2 * C, T(0));
        for (std::int64_t m = 0; m < n; ++m)
            for (std::int64_t c = 0; c < C; ++c) sum[c] += first[m * C + c];
        const T share = T(1) / static_cast<T>(n);
        for (std::int64_t c = 0; c < C; ++c) sum[c] *= share;  // the block's mean
        for (std::int64_t m = 0; m < n; ++m)
            for (std::int64_t c = 0; c < C; ++c) {
                const T deviation = first[m * C + c] - sum[c];
                deviations[c] += deviation * deviation;
            }
        for (std::int64_t c = 0; c < 2 * C; ++c) of_block[c] = block[c];
        merge(static_cast<double>(begin), mean, squares, static_cast<double>(n), of_block, of_block + C, C);
    }
}

template <typename T>
void statistics(const T* x, std::int64_t M, std::int64_t C, T* mean, T* variance, Allocator& allocator) {
    const cpu::Chunks chunks(M, C);
    const Tensor partial = cpu::scratch<double>({chunks.count, 4, C}, allocator);
    const Tensor blocks = cpu::scratch<T>({chunks.count, 2, C}, allocator);
    double* sums = partial.data<double>();
    T* block = blocks.data<T>();
    cpu::for_each_row(chunks.count, chunks.size * C, [=](std::int64_t chunk) {
        double* mine = sums + chunk * 4 * C;
        statistics_of_rows(x + chunks.begin(chunk) * C, chunks.end(chunk) - chunks.begin(chunk), C,
                           block + chunk * 2 * C, mine + 2 * C, mine, mine + C);
    });
    for (std::int64_t chunk = 1; chunk < chunks.count; ++chunk) {
        const double* other = sums + chunk * 4 * C;
        merge(static_cast<double>(chunks.begin(chunk)), sums, sums + C,
              static_cast<double>(chunks.end(chunk) - chunks.begin(chunk)), other, other + C, C);
    }
    for (std::int64_t c = 0; c < C; ++c) {
        mean[c] = static_cast<T>(sums[c]);
        variance[c] = static_cast<T>(sums[C + c] / static_cast<double>(M));
    }
}

// sums (2, C) = sum of dy and sum of dy (x - mean) over the rows; block (2, C) is scratch.
template <typename T>
void gradient_sums_of_rows(const T* x, const T* dy, const T* __restrict mean, std::int64_t rows, std::int64_t C,
                           T* __restrict block, double* __restrict sums) {
    T* __restrict products = block + C;
    std::fill_n(sums, 2 * C, 0.0);
    for (std::int64_t begin = 0; begin < rows; begin += block_rows) {
        std::fill_n(block, 2 * C, T(0));
        for (std::int64_t m = begin; m < std::min(rows, begin + block_rows); ++m)
            for (std::int64_t c = 0; c < C; ++c) {
                block[c] += dy[m * C + c];
                products[c] += dy[m * C + c] * (x[m * C + c] - mean[c]);
            }
        for (std::int64_t c = 0; c < 2 * C; ++c) sums[c] += block[c];
    }
}

// The first pass of backward: sums (2, C) as above over all rows.
template <typename T>
Tensor gradient_sums(const T* x, const T* dy, const T* mean, std::int64_t M, std::int64_t C, Allocator& allocator) {
    const cpu::Chunks chunks(M, C);
    const Tensor partial = cpu::scratch<double>({chunks.count, 2, C}, allocator);
    const Tensor blocks = cpu::scratch<T>({chunks.count, 2, C}, allocator);
    double* sums = partial.data<double>();
    T* block = blocks.data<T>();
    cpu::for_each_row(chunks.count, chunks.size * C, [=](std::int64_t chunk) {
        const std::int64_t first = chunks.begin(chunk) * C;
        gradient_sums_of_rows(x + first, dy + first, mean, chunks.end(chunk) - chunks.begin(chunk), C,
                              block + chunk * 2 * C, sums + chunk * 2 * C);
    });
    for (std::int64_t chunk = 1; chunk < chunks.count; ++chunk)
        for (std::int64_t c = 0; c < 2 * C; ++c) sums[c] += sums[chunk * 2 * C + c];
    return partial;
}

template <typename T>
double inverse_deviation(T variance, double epsilon) {
    return 1.0 / std::sqrt(static_cast<double>(variance) + epsilon);
}

}  // namespace

template <typename T>
cpu::NormalizationGradient<T>::NormalizationGradient(const Tensor& x, const Normalization& normalization,
                                                     const Tensor& dy, const NormalizationGradients& out,
                                                     Allocator& allocator) {
    const auto& [mean_of_x, variance, gamma, beta, epsilon] = normalization;
    const std::int64_t C = x.dim(-1), M = x.size() / C;
    const Tensor sums = gradient_sums(x.data<T>(), dy.data<T>(), mean_of_x.data<T>(), M, C, allocator);
    const double *sum_dy = sums.data<double>(), *sum_products = sum_dy + C;

    coefficients = scratch<T>({3, C}, allocator);
    T *scales = coefficients.data<T>(), *offsets = scales + C, *slopes = offsets + C;
    const double share = 1.0 / static_cast<double>(M);
    for (std::int64_t c = 0; c < C; ++c) {
        const double inverse = inverse_deviation(variance.data<T>()[c], epsilon);
        scales[c] = static_cast<T>(gamma.data<T>()[c] * inverse);
        offsets[c] = static_cast<T>(sum_dy[c] * share);
        slopes[c] = static_cast<T>(sum_products[c] * inverse * inverse * share);
        if (out.dbeta.defined()) out.dbeta.data<T>()[c] = static_cast<T>(sum_dy[c]);
        if (out.dgamma.defined()) out.dgamma.data<T>()[c] = static_cast<T>(sum_products[c] * inverse);
    }
    mean = mean_of_x.data<T>();
    scale = scales;
    offset = offsets;
    slope = slopes;
}

template struct cpu::NormalizationGradient<float>;
template struct cpu::NormalizationGradient<double>;

void CpuBackend::batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) {
    with_float(x.dtype(), [&]<typename T>() {
        const std::int64_t C = x.dim(-1);
        statistics(x.data<T>(), x.size() / C, C, mean.data<T>(), variance.data<T>(), allocator_);
    });
}

void CpuBackend::batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const auto& [mean, variance, gamma, beta, epsilon] = normalization;
        const std::int64_t C = x.dim(-1);
        const Tensor scales = cpu::scratch<T>({C}, allocator_);
        T* scale = scales.data<T>();
        for (std::int64_t c = 0; c < C; ++c)
            scale[c] = static_cast<T>(gamma.data<T>()[c] * inverse_deviation(variance.data<T>()[c], epsilon));
        const T *in = x.data<T>(), *center = mean.data<T>(), *shift = beta.data<T>();
        T* out = y.data<T>();
        cpu::for_each_row(x.size() / C, C, [=](std::int64_t m) {
            const T* from = in + m * C;
            T* to = out + m * C;
#pragma GCC ivdep
            for (std::int64_t c = 0; c < C; ++c) to[c] = (from[c] - center[c]) * scale[c] + shift[c];
        });
    });
}

void CpuBackend::batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                                     const Tensor& dy, const NormalizationGradients& out) {
    with_float(x.dtype(), [&]<typename T>() {
        const cpu::NormalizationGradient<T> gradient(x, normalization, dy, out, allocator_);
        if (!out.dx.defined()) return;
        const std::int64_t C = x.dim(-1);
        const T *in = x.data<T>(), *from = dy.data<T>();
        T* to = out.dx.data<T>();
        const bool batch = statistics == Statistics::batch;
        cpu::for_each_row(x.size() / C, C, [=, &gradient](std::int64_t m) {
            const cpu::NormalizationGradient<T>& g = gradient;
            const std::int64_t i = m * C;
            if (batch) {
#pragma GCC ivdep
                for (std::int64_t c = 0; c < C; ++c) to[i + c] = g.of(c, in[i + c], from[i + c]);
            } else {
#pragma GCC ivdep
                for (std::int64_t c = 0; c < C; ++c) to[i + c] = g.scale[c] * from[i + c];
            }
        });
    });
}

void CpuBackend::moving_average(const Tensor& value, double momentum, const Tensor& moving) {
    with_float(moving.dtype(), [&]<typename T>() {
        const T* from = value.data<T>();
        T* to = moving.data<T>();
        const T keep = static_cast<T>(momentum), take = static_cast<T>(1 - momentum);
        cpu::for_each_element(moving.size(), [=](std::int64_t i) { to[i] = keep * to[i] + take * from[i]; });
    });
}

}  // namespace cairn
