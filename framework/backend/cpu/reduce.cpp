#include "cairn/backend/cpu/broadcast.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/scratch.h"

#include <algorithm>
#include <limits>

namespace cairn {

namespace {

template <Reduction op>
double combine(double a, double b) {
    if constexpr (op == Reduction::max) return is_larger(b, a) ? b : a;
    else return a + b;
}

template <Reduction op>
constexpr double identity = op == Reduction::max ? -std::numeric_limits<double>::infinity() : 0.0;

// y[p,q] = op over r of x[p,r,q], divided by `divisor`: x (P, R, Q), y (P, Q). The rows r are cut into chunks; the
// chunks' results, in double, are combined in order, so the bits do not depend on the number of threads.
template <Reduction op, typename T>
void reduce_middle(const T* x, std::int64_t P, std::int64_t R, std::int64_t Q, double divisor, T* y,
                   Allocator& allocator) {
    const cpu::Chunks chunks(R, Q);
    const Tensor scratch = cpu::scratch<double>({P, chunks.count, Q}, allocator);
    double* partial = scratch.data<double>();
    cpu::for_each_row(P * chunks.count, std::min(R, chunks.size) * Q, [=](std::int64_t task) {
        const std::int64_t p = task / chunks.count, chunk = task % chunks.count;
        const std::int64_t begin = chunks.begin(chunk), end = chunks.end(chunk);
        const T* from = x + (p * R + begin) * Q;
        double* to = partial + task * Q;
        if (Q == 1) {
            *to = cpu::combine_in_lanes(0, end - begin, identity<op>, combine<op>,
                                        [=](std::int64_t r) { return from[r]; });
            return;
        }
        std::fill_n(to, Q, identity<op>);
        for (std::int64_t r = begin; r < end; ++r, from += Q)
            for (std::int64_t q = 0; q < Q; ++q) to[q] = combine<op>(to[q], from[q]);
    });
    cpu::for_each_row(P, chunks.count * Q, [=](std::int64_t p) {
        double* result = partial + p * chunks.count * Q;  // the first chunk's
        for (std::int64_t chunk = 1; chunk < chunks.count; ++chunk)
            for (std::int64_t q = 0; q < Q; ++q) result[q] = combine<op>(result[q], result[chunk * Q + q]);
        for (std::int64_t q = 0; q < Q; ++q) y[p * Q + q] = static_cast<T>(result[q] / divisor);
    });
}

// Reduces one run of neighbouring axes after the other, innermost first: each is the middle of (P, R, Q).
template <Reduction op, typename T>
void reduce_axes(Tensor x, const Tensor& y, Allocator& allocator) {
    const Shape shape = x.shape();
    const auto is_reduced = [&](int axis) {
        const int y_axis = axis - (shape.rank() - y.rank());
        return shape[axis] != 1 && (y_axis < 0 || y.dim(y_axis) == 1);
    };
    const double count = static_cast<double>(x.size()) / static_cast<double>(y.size());
    std::int64_t Q = 1;
    int axis = shape.rank();  // the axes from here on are done
    while (true) {
        while (axis > 0 && !is_reduced(axis - 1)) Q *= shape[--axis];
        std::int64_t R = 1;
        while (axis > 0 && is_reduced(axis - 1)) R *= shape[--axis];
        const std::int64_t P = x.size() / (R * Q);
        const bool last = P * Q == y.size();
        const Tensor to = last ? y : cpu::scratch<T>({P, Q}, allocator);
        reduce_middle<op>(x.data<T>(), P, R, Q, op == Reduction::mean && last ? count : 1.0, to.data<T>(), allocator);
        if (last) return;
        x = to;
    }
}

// met says for each element of y whether its maximum has been seen. One thread: no hot path reduces by maximum.
template <typename T>
void max_backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx, Allocator& allocator) {
    const Tensor met = Tensor::empty(y.shape(), DType::int32, allocator);
    std::fill_n(met.data<std::int32_t>(), met.size(), 0);
    const cpu::BroadcastAxes axes(y.shape(), y.shape(), x.shape());
    const std::int64_t width = axes.size[axes.rank - 1], step = axes.a_stride[axes.rank - 1];
    for (std::int64_t i = 0; i < x.size(); ++i) {
        const std::int64_t at = axes.offsets_of_row(i / width).first + i % width * step;
        std::int32_t& seen = met.data<std::int32_t>()[at];
        const bool first = seen == 0 && !is_larger(y.data<T>()[at], x.data<T>()[i]);
        dx.data<T>()[i] = first ? dy.data<T>()[at] : T(0);
        if (first) seen = 1;
    }
}

}  // namespace

void CpuBackend::reduce(Reduction op, const Tensor& x, const Tensor& y) {
    if (x.size() == 0) return fill(y, 0);  // the sum of nothing
    with_float(x.dtype(), [&]<typename T>() {
        switch (op) {
            case Reduction::sum: return reduce_axes<Reduction::sum, T>(x, y, allocator_);
            case Reduction::mean: return reduce_axes<Reduction::mean, T>(x, y, allocator_);
            case Reduction::max: return reduce_axes<Reduction::max, T>(x, y, allocator_);
        }
    });
}

void CpuBackend::reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx) {
    with_float(dx.dtype(), [&]<typename T>() {
        if (op == Reduction::max) return max_backward<T>(x, y, dy, dx, allocator_);
        const double share =
            op == Reduction::mean ? static_cast<double>(dy.size()) / static_cast<double>(dx.size()) : 1.0;
        const T factor = static_cast<T>(share);
        cpu::broadcast<T>(dy, dy, dx, [factor](T d, T) { return d * factor; });
    });
}

void CpuBackend::argmax(const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const std::int64_t C = x.dim(-1);
        const T* from = x.data<T>();
        std::int32_t* to = y.data<std::int32_t>();
        cpu::for_each_row(y.size(), C, [=](std::int64_t row) {
            to[row] = static_cast<std::int32_t>(cpu::first_maximum(from + row * C, C));
        });
    });
}

}  // namespace cairn
