#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/gemm.h"
#include "cairn/backend/cpu/micro_kernel.h"
#include "cairn/backend/cpu/scratch.h"

#include <algorithm>
#include <vector>

namespace cairn {

namespace {

// With few rows every number of the kernel is used a few times only, and a large kernel comes from memory in every step:
// OpenBLAS waits for it, and this does not. A panel of the kernel's columns is worked through in blocks of rows that stay in
// L1 for all strips of x's rows, and meanwhile the next block is fetched, one cache line of each of its rows by one strip.
// bench/dense_bench shows both, `cpu` and `composed`.
template <typename T>
bool is_for_few_rows(std::int64_t B, std::int64_t I, std::int64_t O) {
    constexpr std::int64_t most_rows = 64, least_bytes = 1 << 16;
    return B <= most_rows && O % cpu::panel_width<T> == 0 &&
           I * O * static_cast<std::int64_t>(sizeof(T)) >= least_bytes;
}

// Threads share out the kernel's rows, as they do for its gradient and in the optimizer: each finds its own in its cache. Their
// sums are added at the end.
template <typename T>
void multiply_few_rows(const Tensor& x, const Tensor& kernel, const Tensor& y, Allocator& allocator) {
    constexpr std::int64_t width = cpu::panel_width<T>, block = 128, line = 64 / sizeof(T);
    const std::int64_t B = x.dim(0), I = x.dim(1), O = kernel.dim(1);
    std::vector<std::int64_t> rows;  // where in x each row begins
    for (std::int64_t b = 0; b < B; ++b) rows.push_back(b * I);
    const std::int64_t blocks = (I + block - 1) / block, grain = cpu::product_grain(B * block * O);
    const int parts = threads_for(blocks, grain);
    const Tensor sums = parts > 1 ? cpu::scratch<T>({parts, B, O}, allocator) : y.view({1, B, O});
    parallel_for(blocks, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        T* sum = cpu::part_of<T>(sums, thread);
        for (std::int64_t column = 0; column < O; column += width)
            for (std::int64_t at = begin; at < end; ++at) {
                cpu::StripProduct<T> product{};
                product.terms = {std::min(block, I - at * block)};
                product.a = {x.data<T>() + at * block, 1};
                product.b = {kernel.data<T>() + at * block * O + column, O};
                product.c_row = O;
                product.columns = width;
                product.accumulate = at > begin;
                // The last block looks at the next panel's first.
                const T* next = at + 1 < end ? product.b.data + block * O
                                             : kernel.data<T>() + begin * block * O + (column + width) % O;
                std::int64_t lines = 0;
                cpu::for_each_strip(B, [&](std::int64_t row, std::int64_t height) {
                    product.rows = rows.data() + row;
                    product.ahead = lines < width / line ? next + lines++ * line : nullptr;
                    product.c = sum + row * O + column;
                    cpu::multiply_strip(height, product);
                });
            }
    });
    if (parts > 1) cpu::sum_parts(sums.data<T>(), parts, B, O, y.data<T>(), O);
}

}  // namespace

// By OpenBLAS each thread's part of x kernel gets its bias and ReLU right after the product, while it is in that thread's cache.
void CpuBackend::dense(const DenseLayer& layer, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const std::int64_t B = layer.x.dim(0), I = layer.x.dim(1), O = layer.kernel.dim(1);
        const auto finish = [=, bias = cpu::optional_data<T>(layer.bias), relu = layer.relu, out = y.data<T>()](
                                std::int64_t rows, std::int64_t columns, std::int64_t row, std::int64_t column) {
            cpu::add_bias_and_activate(rows, columns, bias ? bias + column : nullptr, relu, out + row * O + column, O);
        };
        if (is_for_few_rows<T>(B, I, O)) {
            multiply_few_rows<T>(layer.x, layer.kernel, y, allocator_);
            return finish(B, O, 0, 0);
        }
        cpu::parallel_gemm<T>({B, O, I}, {layer.x.data<T>(), I}, {layer.kernel.data<T>(), O}, false, {y.data<T>(), O},
                              finish);
    });
}

}  // namespace cairn
