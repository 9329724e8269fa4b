#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/epilogue.h"
#include "backend/cpu/gemm.h"
#include "backend/cpu/sum_parts.h"
#include "backend/cpu/tile.h"

#include <algorithm>
#include <vector>

namespace cairn {

namespace {

// With few rows every number of the kernel is used a few times only, and a large kernel comes from memory in every step:
// OpenBLAS waits for it, and this does not. A panel of the kernel's columns is worked through in blocks of rows that stay in
// L1 for all tiles of x's rows, and meanwhile the next block is fetched, one cache line of each of its rows by one tile.
// For 32 x 3072 x 512 it takes 0.42 ms instead of 0.56 (two threads, AVX-512).
template <typename T>
bool is_for_few_rows(std::int64_t B, std::int64_t I, std::int64_t O) {
    constexpr std::int64_t most_rows = 64, least_bytes = 1 << 16;
    return B <= most_rows && O % cpu::panel_width<T> == 0 &&
           I * O * static_cast<std::int64_t>(sizeof(T)) >= least_bytes;
}

// Threads share out the kernel's rows, as they do for its gradient and in the optimizer: each finds its own in its cache. Their
// sums are added at the end.
template <typename T>
void multiply_few_rows(const T* x, const T* kernel, const T* bias, bool relu, std::int64_t B, std::int64_t I,
                       std::int64_t O, T* y, Allocator& allocator) {
    constexpr std::int64_t width = cpu::panel_width<T>, block = 128, line = 64 / sizeof(T);
    std::vector<std::int64_t> rows;  // where in x each row begins
    for (std::int64_t b = 0; b < B; ++b) rows.push_back(b * I);
    const std::int64_t blocks = (I + block - 1) / block, grain = cpu::product_grain(B * block * O);
    const int parts = threads_for(blocks, grain);
    const Tensor sums = parts > 1 ? Tensor::empty({parts, B, O}, dtype_of<T>(), allocator) : Tensor();
    parallel_for(blocks, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        T* sum = parts > 1 ? cpu::part_of<T>(sums, thread) : y;
        for (std::int64_t column = 0; column < O; column += width)
            for (std::int64_t at = begin; at < end; ++at) {
                cpu::TileProduct<T> tile{};
                tile.a = x + at * block;
                tile.a_step = 1;
                tile.b = kernel + at * block * O + column;
                tile.b_step = O;
                tile.segments = 1;
                tile.segment_length = std::min(block, I - at * block);
                tile.c_row = O;
                tile.columns = width;
                tile.accumulate = at > begin;
                // The last block looks at the next panel's first.
                const T* next = at + 1 < end ? tile.b + block * O : kernel + begin * block * O + (column + width) % O;
                std::int64_t lines = 0;
                cpu::for_each_tile(B, [&](std::int64_t row, std::int64_t height) {
                    tile.rows = rows.data() + row;
                    tile.ahead = lines < width / line ? next + lines++ * line : nullptr;
                    tile.c = sum + row * O + column;
                    cpu::multiply_tile(height, tile);
                });
            }
    });
    if (parts > 1) cpu::sum_parts(sums.data<T>(), parts, B, O, y, O);
    cpu::add_bias_and_activate(B, O, bias, relu, y, O);
}

}  // namespace

// Each thread's part of x kernel gets its bias and ReLU right after the product, while it is in that thread's cache.
void CpuBackend::dense(const DenseLayer& layer, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const std::int64_t B = layer.x.dim(0), I = layer.x.dim(1), O = layer.kernel.dim(1);
        const T *x = layer.x.data<T>(), *kernel = layer.kernel.data<T>(), *bias = cpu::data_or_null<T>(layer.bias);
        const bool relu = layer.relu;
        T* out = y.data<T>();
        if (is_for_few_rows<T>(B, I, O)) return multiply_few_rows(x, kernel, bias, relu, B, I, O, out, allocator_);
        cpu::parallel_gemm<T>(B, O, I, {x, I}, {kernel, O}, false, {out, O},
                              [=](std::int64_t rows, std::int64_t columns, std::int64_t row, std::int64_t column) {
                                  cpu::add_bias_and_activate(rows, columns, bias ? bias + column : nullptr, relu,
                                                             out + row * O + column, O);
                              });
    });
}

}  // namespace cairn
