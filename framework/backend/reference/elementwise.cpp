// Kernels that treat every element alike.
#include "cairn/backend/reference/broadcast.h"
#include "cairn/backend/reference/reference_backend.h"

#include <cmath>

namespace cairn {

namespace {

template <typename T>
T apply(Unary op, T x) {
    switch (op) {
        case Unary::exp: return std::exp(x);
        case Unary::log: return std::log(x);
        case Unary::sqrt: return std::sqrt(x);
        case Unary::square: return x * x;
        case Unary::relu: return x < 0 ? T{0} : x;
    }
    return x;
}

// Of y = op(x), given x of log and square, y of the others.
template <typename T>
T gradient(Unary op, T kept, T dy) {
    switch (op) {
        case Unary::exp: return dy * kept;
        case Unary::log: return dy / kept;
        case Unary::sqrt: return dy / (2 * kept);
        case Unary::square: return 2 * dy * kept;
        case Unary::relu: return kept > 0 ? dy : T{0};
    }
    return dy;
}

template <typename T>
T apply(Binary op, T a, T b) {
    switch (op) {
        case Binary::add: return a + b;
        case Binary::sub: return a - b;
        case Binary::mul: return a * b;
        case Binary::div: return a / b;
    }
    return a;
}

}  // namespace

// y[i] = op(x[i])
void ReferenceBackend::elementwise(Unary op, const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < x.size(); ++i) y.data<T>()[i] = apply(op, x.data<T>()[i]);
    });
}

// dx[i] = dy[i] op'(x[i]), where kept[i] is x[i] or y[i], whichever op' is computed from
void ReferenceBackend::elementwise_backward(Unary op, const Tensor& kept, const Tensor& dy, const Tensor& dx) {
    with_float(dy.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < dy.size(); ++i) {
            dx.data<T>()[i] = gradient(op, kept.data<T>()[i], dy.data<T>()[i]);
        }
    });
}

// y[i] = op(a[i], b[i]), where a and b are broadcast to y's shape
void ReferenceBackend::elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < y.size(); ++i) {
            const T left = a.data<T>()[broadcast_index(i, y.shape(), a.shape())];
            const T right = b.data<T>()[broadcast_index(i, y.shape(), b.shape())];
            y.data<T>()[i] = apply(op, left, right);
        }
    });
}

// y[i] = y[i] + alpha x[i]
void ReferenceBackend::add_scaled(double alpha, const Tensor& x, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < y.size(); ++i) {
            y.data<T>()[i] = static_cast<T>(y.data<T>()[i] + alpha * x.data<T>()[i]);
        }
    });
}

}  // namespace cairn
