// Kernels that treat every element alike.
#include "cairn/backend/reference/broadcast.h"
#include "cairn/backend/reference/reference_backend.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace cairn {

namespace {

// s(x): of the two forms the one whose exponential cannot overflow.
template <typename T>
T sigmoid(T x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

// P(x) = erfc(-x / sqrt(2)) / 2
template <typename T>
T normal_share(T x) {
    return std::erfc(-x / std::numbers::sqrt2_v<T>) / 2;
}

// P'(x) = exp(-x^2 / 2) / sqrt(2 pi)
template <typename T>
T normal_density(T x) {
    return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<T> / std::numbers::sqrt2_v<T>;
}

// 2u = 2 sqrt(2 / pi) (x + 0.044715 x^3) and its derivative. Beyond 100 the powers could overflow, while s(2u) has long
// been 0 or 1.
template <typename T>
std::pair<T, T> gelu_argument(T x) {
    const T v = std::clamp(x, T(-100), T(100));
    const T factor = 2 * std::numbers::sqrt2_v<T> * std::numbers::inv_sqrtpi_v<T>;
    return {factor * (v + T(0.044715) * v * v * v), factor * (1 + 3 * T(0.044715) * v * v)};
}

template <typename T>
T apply(const UnaryFunction& f, T x) {
    const T a = static_cast<T>(f.a);
    switch (f.op) {
        case Unary::exp: return std::exp(x);
        case Unary::log: return std::log(x);
        case Unary::sqrt: return std::sqrt(x);
        case Unary::square: return x * x;
        case Unary::relu: return x < 0 ? T{0} : x;
        case Unary::abs: return std::abs(x);
        case Unary::pow: return std::pow(x, a);
        case Unary::reciprocal: return a / x;
        case Unary::sigmoid: return sigmoid(x);
        case Unary::tanh: return std::tanh(x);
        case Unary::gelu: return x * normal_share(x);
        case Unary::gelu_tanh: return x * sigmoid(gelu_argument(x).first);  // (1 + tanh(u)) / 2 = s(2u)
        case Unary::silu: return x * sigmoid(x);
        case Unary::elu: return x < 0 ? a * std::expm1(x) : x;
        case Unary::leaky_relu: return x < 0 ? a * x : x;
        case Unary::softplus: return std::max(x, T{0}) + std::log1p(std::exp(-std::abs(x)));
    }
    return x;
}

// Of y = f(x), given x where keeps_input(f.op), else y.
template <typename T>
T gradient(const UnaryFunction& f, T kept, T dy) {
    const T a = static_cast<T>(f.a);
    switch (f.op) {
        case Unary::exp: return dy * kept;
        case Unary::log: return dy / kept;
        case Unary::sqrt: return dy / (2 * kept);
        case Unary::square: return 2 * dy * kept;
        case Unary::relu: return kept > 0 ? dy : T{0};
        case Unary::abs: return kept > 0 ? dy : kept < 0 ? -dy : dy * kept;  // 0 at 0, NaN for NaN
        case Unary::pow: return a == 0 ? T{0} : dy * a * std::pow(kept, a - 1);
        case Unary::reciprocal: return -dy * a / (kept * kept);
        case Unary::sigmoid: return dy * kept * (1 - kept);
        case Unary::tanh: return dy * (1 - kept) * (1 + kept);
        case Unary::gelu: return dy * (normal_share(kept) + kept * normal_density(kept));
        case Unary::gelu_tanh: {
            const auto [u2, du2] = gelu_argument(kept);
            return dy * sigmoid(u2) * (1 + kept * sigmoid(-u2) * du2);
        }
        case Unary::silu: return dy * sigmoid(kept) * (1 + kept * sigmoid(-kept));
        case Unary::elu: return kept > 0 ? dy : dy * a * std::exp(kept);
        case Unary::leaky_relu: return kept > 0 ? dy : a * dy;
        case Unary::softplus: return dy * sigmoid(kept);
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
        case Binary::maximum: return is_larger(b, a) ? b : a;
        case Binary::minimum: return b < a || b != b ? b : a;
        case Binary::greater_equal: return a >= b ? T{1} : T{0};
    }
    return a;
}

}  // namespace

// y[i] = f(x[i])
void ReferenceBackend::elementwise(const UnaryFunction& f, const Tensor& x, const Tensor& y) {
    with_float(x.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < x.size(); ++i) y.data<T>()[i] = apply(f, x.data<T>()[i]);
    });
}

// dx[i] = dy[i] f'(x[i]), where kept[i] is x[i] or y[i], whichever f' is computed from
void ReferenceBackend::elementwise_backward(const UnaryFunction& f, const Tensor& kept, const Tensor& dy,
                                            const Tensor& dx) {
    with_float(dy.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < dy.size(); ++i) {
            dx.data<T>()[i] = gradient(f, kept.data<T>()[i], dy.data<T>()[i]);
        }
    });
}

// y[i] = scale x[i] + shift
void ReferenceBackend::affine(const Tensor& x, double scale, double shift, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < y.size(); ++i) {
            y.data<T>()[i] = static_cast<T>(scale * x.data<T>()[i] + shift);
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
