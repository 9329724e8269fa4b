// Broadcasting: y[i...] = f(a[...], b[...]) where an axis of size 1 (or a missing one) of a or b is repeated.
//
// A repeated axis is an axis with stride 0. Neighbouring axes that both operands walk through evenly are merged, so
// what remains is short: tensors of one shape become one long row, a bias over channels becomes rows of C elements.
#pragma once

#include "cairn/backend/cpu/loops.h"

#include <array>
#include <utility>

namespace cairn::cpu {

struct BroadcastAxes {
    // The axes of y with the strides of a and b, merged. rank is at least 1.
    BroadcastAxes(const Shape& a, const Shape& b, const Shape& y);

    int rank = 0;
    std::array<std::int64_t, Shape::max_rank> size{}, a_stride{}, b_stride{};  // outermost first; strides in elements

    // Where row number `row` (over all axes but the innermost) starts in a and in b.
    std::pair<std::int64_t, std::int64_t> offsets_of_row(std::int64_t row) const;
};

template <typename T, typename F>
void broadcast(const Tensor& a, const Tensor& b, const Tensor& y, const F& f) {
    if (y.size() == 0) return;  // an axis of size 0 has no rows to count
    const BroadcastAxes axes(a.shape(), b.shape(), y.shape());
    const std::int64_t width = axes.size[axes.rank - 1];
    const T *from_a = a.data<T>(), *from_b = b.data<T>();
    T* to = y.data<T>();

    // The innermost axis, once for each of its kinds, so that the compiler sees strides of 0 and 1 only.
    const auto run = [=]<int a_step, int b_step>() {
        const auto elements = [=](std::int64_t row, std::int64_t begin, std::int64_t end) {
            const auto [a_offset, b_offset] = axes.offsets_of_row(row);
            const T *p = from_a + a_offset, *q = from_b + b_offset;
            T* result = to + row * width;
            const F local = f;
#pragma GCC ivdep
            for (std::int64_t i = begin; i < end; ++i) result[i] = local(p[i * a_step], q[i * b_step]);
        };
        if (axes.rank > 1)
            return for_each_row(y.size() / width, width, [=](std::int64_t row) { elements(row, 0, width); });
        parallel_for(width, element_grain, [=](std::int64_t begin, std::int64_t end, int) { elements(0, begin, end); });
    };
    const bool a_moves = axes.a_stride[axes.rank - 1] != 0, b_moves = axes.b_stride[axes.rank - 1] != 0;
    if (a_moves && b_moves) run.template operator()<1, 1>();
    else if (a_moves) run.template operator()<1, 0>();
    else if (b_moves) run.template operator()<0, 1>();
    else run.template operator()<0, 0>();
}

}  // namespace cairn::cpu
