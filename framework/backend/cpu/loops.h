// Loops that the kernels of this folder share.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/core/parallel.h"
#include "cairn/core/tensor.h"

#include <algorithm>

namespace cairn::cpu {

// Below this many elements a second thread costs more than it brings: waking one takes microseconds.
inline constexpr std::int64_t element_grain = 16384;

// How many items of so many multiply-adds each are worth a thread: together some microseconds of matrix product.
inline std::int64_t product_grain(std::int64_t multiply_adds_per_item) {
    return std::max<std::int64_t>(1, 500'000 / std::max<std::int64_t>(1, multiply_adds_per_item));
}

// How many rows of `width` elements make up element_grain.
inline std::int64_t row_grain(std::int64_t width) {
    return std::max<std::int64_t>(1, element_grain / std::max<std::int64_t>(1, width));
}

// Calls body(i) for 0 <= i < n. The body may read and write element i of arrays that are the same memory, and no other
// element; with that promise (ivdep) the loop vectorizes without tests for overlap.
template <typename Body>
void for_each_element(std::int64_t n, const Body& body) {
    parallel_for(n, element_grain, [&](std::int64_t begin, std::int64_t end, int) {
        const Body local = body;  // a copy that no store can reach, so that what it captured stays in registers
#pragma GCC ivdep
        for (std::int64_t i = begin; i < end; ++i) local(i);
    });
}

// Calls body(row) for every row of a matrix with rows of `width` elements.
template <typename Body>
void for_each_row(std::int64_t rows, std::int64_t width, const Body& body) {
    parallel_for(rows, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t row = begin; row < end; ++row) body(row);
    });
}

// start combined with value(i) for begin <= i < end, in sixteen running results, so that one step need not wait for the
// one before; they are combined in a fixed order.
template <typename Combine, typename Value>
double combine_in_lanes(std::int64_t begin, std::int64_t end, double start, const Combine& combine,
                        const Value& value) {
    constexpr int lanes = 16;
    double partial[lanes];
    std::fill_n(partial, lanes, start);
    for (; begin + lanes <= end; begin += lanes)
        for (int lane = 0; lane < lanes; ++lane) partial[lane] = combine(partial[lane], value(begin + lane));
    double result = start;
    for (; begin < end; ++begin) result = combine(result, value(begin));
    for (const double of_lane : partial) result = combine(result, of_lane);
    return result;
}

// The index of the first maximum among n numbers, in the order of is_larger.
template <typename T>
std::int64_t first_maximum(const T* x, std::int64_t n) {
    return std::max_element(x, x + n, [](T a, T b) { return is_larger(b, a); }) - x;
}

// Rows cut into chunks of a size that does not depend on the number of threads: a sum that is taken per chunk and then
// over the chunks in order has the same bits whoever computed which chunk.
struct Chunks {
    Chunks(std::int64_t all_rows, std::int64_t width)
        : rows(all_rows), size(row_grain(width)), count(std::max<std::int64_t>(1, (rows + size - 1) / size)) {}
    std::int64_t begin(std::int64_t chunk) const { return chunk * size; }
    std::int64_t end(std::int64_t chunk) const { return std::min(rows, (chunk + 1) * size); }

    std::int64_t rows, size, count;
};

}  // namespace cairn::cpu
