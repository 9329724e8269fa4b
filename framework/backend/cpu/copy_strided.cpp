// Strided copies: row by row along the innermost axis, which is one run of memory wherever both sides allow it; the
// axes are merged first, so that a pad of an image's rows moves whole rows of pixels and channels.
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/loops.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace cairn {

namespace {

// Where row number `row` (over all axes but the innermost) starts in x and in y.
std::pair<std::int64_t, std::int64_t> starts_of_row(const StridedCopy& copy, std::int64_t row) {
    std::int64_t from = copy.from.offset, to = copy.to.offset;
    for (int axis = copy.shape.rank() - 2; axis >= 0; --axis) {
        const std::int64_t size = copy.shape[axis], index = row % size;
        row /= size;
        from += index * copy.from.step[static_cast<std::size_t>(axis)];
        to += index * copy.to.step[static_cast<std::size_t>(axis)];
    }
    return {from, to};
}

template <typename T, typename Put>
void move_rows(const StridedCopy& copy, const T* x, T* y, const Put& put) {
    const std::int64_t width = copy.shape[-1];
    const auto last = static_cast<std::size_t>(copy.shape.rank() - 1);
    const std::int64_t from_step = copy.from.step[last], to_step = copy.to.step[last];
    cpu::for_each_row(copy.shape.size() / width, width, [=](std::int64_t row) {
        const auto [from, to] = starts_of_row(copy, row);
        const T* in = x + from;
        T* out = y + to;
        if (from_step == 1 && to_step == 1) {
#pragma GCC ivdep
            for (std::int64_t i = 0; i < width; ++i) put(out[i], in[i]);
        } else {
#pragma GCC ivdep
            for (std::int64_t i = 0; i < width; ++i) put(out[i * to_step], in[i * from_step]);
        }
    });
}

template <typename T>
void move(const StridedCopy& copy, const T* x, T* y) {
    if (copy.accumulate) move_rows(copy, x, y, [](T& to, T value) { to += value; });
    else move_rows(copy, x, y, [](T& to, T value) { to = value; });
}

}  // namespace

void CpuBackend::copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) {
    StridedCopy rows = merged(copy);
    if (rows.shape.size() == 0) return;
    if (rows.shape.rank() == 0) rows.shape = {1};
    if (x.dtype() == DType::int32) return move(rows, x.data<std::int32_t>(), y.data<std::int32_t>());
    with_float(x.dtype(), [&]<typename T>() { move(rows, x.data<T>(), y.data<T>()); });
}

void CpuBackend::gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) {
    if (y.size() == 0) return;
    with_float(x.dtype(), [&]<typename T>() {
        const std::int64_t width = y.size() / rows.size(), count = x.dim(0);
        const std::int32_t* number = rows.data<std::int32_t>();
        const T* from = x.data<T>();
        T* to = y.data<T>();
        cpu::for_each_row(rows.size(), width, [=](std::int64_t k) {
            const std::int64_t row = number[k];
            if (row >= 0 && row < count) std::copy_n(from + row * width, width, to + k * width);
            else std::fill_n(to + k * width, width, std::numeric_limits<T>::quiet_NaN());
        });
    });
}

// Each thread adds some columns of all rows, so that a sum's order does not depend on the threads.
void CpuBackend::gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) {
    fill(dx, 0);
    if (dy.size() == 0) return;
    with_float(dy.dtype(), [&]<typename T>() {
        const std::int64_t count = rows.size(), width = dy.size() / count;
        const std::int32_t* number = rows.data<std::int32_t>();
        const T* from = dy.data<T>();
        T* to = dx.data<T>();
        parallel_for(width, cpu::row_grain(count), [=](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t k = 0; k < count; ++k) {
                const T* d = from + k * width;
                T* sum = to + number[k] * width;
#pragma GCC ivdep
                for (std::int64_t c = begin; c < end; ++c) sum[c] += d[c];
            }
        });
    });
}

}  // namespace cairn
