// Moving elements from one place to another: strided copies, and rows by their number.
#include "cairn/backend/reference/reference_backend.h"

#include <limits>

namespace cairn {

namespace {

// Where element i (row-major) of the shape lies.
std::int64_t place(std::int64_t i, const Shape& shape, const Placement& placement) {
    std::int64_t at = placement.offset;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        at += i % shape[axis] * placement.step[static_cast<std::size_t>(axis)];
        i /= shape[axis];
    }
    return at;
}

template <typename T>
void move(const StridedCopy& copy, const T* x, T* y) {
    for (std::int64_t i = 0; i < copy.shape.size(); ++i) {
        const T value = x[place(i, copy.shape, copy.from)];
        T& to = y[place(i, copy.shape, copy.to)];
        to = copy.accumulate ? to + value : value;
    }
}

}  // namespace

// y[to(i)] = x[from(i)], or y[to(i)] += x[from(i)]
void ReferenceBackend::copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) {
    if (x.dtype() == DType::int32) return move(copy, x.data<std::int32_t>(), y.data<std::int32_t>());
    with_float(x.dtype(), [&]<typename T>() { move(copy, x.data<T>(), y.data<T>()); });
}

// y[k,c] = x[rows[k],c]
void ReferenceBackend::gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        const std::int64_t C = rows.size() == 0 ? 0 : y.size() / rows.size();
        for (std::int64_t k = 0; k < rows.size(); ++k) {
            const std::int32_t row = rows.data<std::int32_t>()[k];
            const bool inside = row >= 0 && row < x.dim(0);
            for (std::int64_t c = 0; c < C; ++c) {
                y.data<T>()[k * C + c] = inside ? x.data<T>()[row * C + c] : std::numeric_limits<T>::quiet_NaN();
            }
        }
    });
}

// dx[r,c] = sum of dy[k,c] over k with rows[k] = r
void ReferenceBackend::gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) {
    with_float(dy.dtype(), [&]<typename T>() {
        const std::int64_t R = dx.dim(0), C = R == 0 ? 0 : dx.size() / R;
        for (std::int64_t r = 0; r < R; ++r) {
            for (std::int64_t c = 0; c < C; ++c) {
                T sum = 0;
                for (std::int64_t k = 0; k < rows.size(); ++k) {
                    if (rows.data<std::int32_t>()[k] == r) sum += dy.data<T>()[k * C + c];
                }
                dx.data<T>()[r * C + c] = sum;
            }
        }
    });
}

}  // namespace cairn
