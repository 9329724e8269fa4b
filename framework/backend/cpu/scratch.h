// Memory that a kernel works in: where each thread's part lies, and how sums that the threads took each for itself are added.
#pragma once

#include "cairn/backend/cpu/loops.h"
#include "cairn/core/tensor.h"

namespace cairn::cpu {

// nullptr where a tensor is undefined.
template <typename T>
T* optional_data(const Tensor& x) {
    return x.defined() ? x.data<T>() : nullptr;
}

template <typename T>
Tensor scratch(const Shape& shape, Allocator& allocator) {
    return Tensor::empty(shape, dtype_of<T>(), allocator);
}

// Part `thread` of memory whose first axis counts the threads; nullptr where there is none.
template <typename T>
T* part_of(const Tensor& parts, int thread) {
    return parts.defined() ? parts.data<T>() + thread * parts.size() / parts.dim(0) : nullptr;
}

// y (rows, columns) = the sum of partial (parts, rows, stride) over the parts, in order; of each row the first `columns`.
template <typename Partial, typename T>
void sum_parts(const Partial* partial, std::int64_t parts, std::int64_t rows, std::int64_t stride, T* y,
               std::int64_t columns) {
    for_each_row(rows, columns, [=](std::int64_t row) {
        const Partial* from = partial + row * stride;
        T* to = y + row * columns;
#pragma GCC ivdep
        for (std::int64_t i = 0; i < columns; ++i) {
            Partial total = from[i];
            for (std::int64_t part = 1; part < parts; ++part) total += from[part * rows * stride + i];
            to[i] = static_cast<T>(total);
        }
    });
}

}  // namespace cairn::cpu
