// Sums, means and maxima over axes, and the index of the maximum along the last axis.
#include "cairn/backend/reference/broadcast.h"
#include "cairn/backend/reference/reference_backend.h"

#include <limits>
#include <vector>

namespace cairn {

// Element i of x goes into the element r of y that broadcasting would put at i:
//   sum: y[r] = sum of x[i]   mean: y[r] = sum of x[i] / how many there are   max: y[r] = the largest x[i]
void ReferenceBackend::reduce(Reduction op, const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const double start = op == Reduction::max ? -std::numeric_limits<double>::infinity() : 0.0;
        std::vector<double> result(static_cast<std::size_t>(y.size()), start);
        for (std::int64_t i = 0; i < x.size(); ++i) {
            double& r = result[static_cast<std::size_t>(broadcast_index(i, x.shape(), y.shape()))];
            const double value = x.data<T>()[i];
            if (op != Reduction::max) r += value;
            else if (is_larger(value, r)) r = value;
        }

        const double count = static_cast<double>(x.size()) / static_cast<double>(y.size());
        for (std::int64_t r = 0; r < y.size(); ++r) {
            const double value = result[static_cast<std::size_t>(r)];
            y.data<T>()[r] = static_cast<T>(op == Reduction::mean ? value / count : value);
        }
    });
}

// sum: dx[i] = dy[r]   mean: dx[i] = dy[r] / count   max: dx[i] = dy[r] at the first i with x[i] = y[r] (NaN both), else 0
void ReferenceBackend::reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy,
                                       const Tensor& dx) {
    with_float(dy.dtype(), [&]<typename T>() {
        const double count = static_cast<double>(dx.size()) / static_cast<double>(dy.size());
        std::vector<bool> found(static_cast<std::size_t>(dy.size()), false);  // max: is the first known already?
        for (std::int64_t i = 0; i < dx.size(); ++i) {
            const std::int64_t r = broadcast_index(i, dx.shape(), dy.shape());
            const T d = dy.data<T>()[r];
            T result = d;
            if (op == Reduction::mean) {
                result = static_cast<T>(d / count);
            } else if (op == Reduction::max) {
                const bool first = !found[static_cast<std::size_t>(r)] && !is_larger(y.data<T>()[r], x.data<T>()[i]);
                if (first) found[static_cast<std::size_t>(r)] = true;
                result = first ? d : T{0};
            }
            dx.data<T>()[i] = result;
        }
    });
}

// y[b] = the first c at which x[b,c] is largest
void ReferenceBackend::argmax(const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const std::int64_t C = x.dim(-1);
        for (std::int64_t b = 0; b < y.size(); ++b) {
            const T* row = x.data<T>() + b * C;
            std::int64_t best = 0;
            for (std::int64_t c = 1; c < C; ++c) {
                if (is_larger(row[c], row[best])) best = c;
            }
            y.data<std::int32_t>()[b] = static_cast<std::int32_t>(best);
        }
    });
}

}  // namespace cairn
