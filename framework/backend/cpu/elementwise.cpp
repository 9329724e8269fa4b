#include "cairn/backend/cpu/broadcast.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/functions.h"
#include "cairn/backend/cpu/loops.h"

#include <cmath>

namespace cairn {

void CpuBackend::elementwise(const UnaryFunction& function, const Tensor& x, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const T* from = x.data<T>();
        T* to = y.data<T>();
        const T a = static_cast<T>(function.a);
        const auto apply = [&](auto f) {
            cpu::for_each_element(y.size(), [=](std::int64_t i) { to[i] = f(from[i]); });
        };
        switch (function.op) {
            case Unary::exp: return apply([](T v) { return std::exp(v); });
            case Unary::log: return apply([](T v) { return std::log(cpu::flushed(v)); });
            case Unary::sqrt: return apply([](T v) { return std::sqrt(v); });
            case Unary::square: return apply([](T v) { return v * v; });
            case Unary::relu: return apply([](T v) { return cpu::relu(v); });
            case Unary::abs: return apply([](T v) { return std::abs(v); });
            case Unary::pow: return apply([a](T v) { return std::pow(cpu::flushed(v), a); });
            case Unary::reciprocal: return apply([a](T v) { return a / v; });
            case Unary::sigmoid: return apply([](T v) { return cpu::sigmoid(v); });
            case Unary::tanh: return apply([](T v) { return cpu::tanh(v); });
            case Unary::gelu: return apply([](T v) { return v * cpu::normal(v).share; });
            case Unary::gelu_tanh: return apply([](T v) { return v * cpu::sigmoid(cpu::gelu_argument(v).value); });
            case Unary::silu: return apply([](T v) { return v * cpu::sigmoid(v); });
            case Unary::elu:
                return apply([a](T v) { return v < 0 ? a * cpu::expm1_nonpositive(v < 0 ? v : T(0)) : v; });
            case Unary::leaky_relu: return apply([a](T v) { return v < 0 ? a * v : v; });
            case Unary::softplus: return apply([](T v) { return cpu::softplus(v); });
        }
    });
}

void CpuBackend::elementwise_backward(const UnaryFunction& function, const Tensor& kept, const Tensor& dy,
                                      const Tensor& dx) {
    with_float(dx.dtype(), [&]<typename T>() {
        const T *saved = kept.data<T>(), *from = dy.data<T>();
        T* to = dx.data<T>();
        const T a = static_cast<T>(function.a);
        const auto apply = [&](auto f) {
            cpu::for_each_element(dx.size(), [=](std::int64_t i) { to[i] = f(saved[i], from[i]); });
        };
        switch (function.op) {
            case Unary::exp: return apply([](T y, T d) { return d * y; });
            case Unary::log: return apply([](T x, T d) { return d / x; });
            case Unary::sqrt: return apply([](T y, T d) { return d / (2 * y); });
            case Unary::square: return apply([](T x, T d) { return 2 * d * x; });
            case Unary::relu: return apply([](T y, T d) { return y > 0 ? d : T(0); });
            case Unary::abs: return apply([](T x, T d) { return x > 0 ? d : x < 0 ? -d : d * x; });
            case Unary::pow:
                if (a == 0) return apply([](T, T) { return T(0); });
                return apply([a](T x, T d) { return d * a * std::pow(cpu::flushed(x), a - 1); });
            case Unary::reciprocal: return apply([a](T x, T d) { return -d * a / (x * x); });
            case Unary::sigmoid: return apply([](T y, T d) { return d * y * (1 - y); });
            case Unary::tanh: return apply([](T y, T d) { return d * (1 - y) * (1 + y); });
            case Unary::gelu:
                return apply([](T x, T d) {
                    const cpu::Normal<T> normal = cpu::normal(x);
                    return d * (normal.share + x * normal.density);
                });
            case Unary::gelu_tanh:
                return apply([](T x, T d) {
                    const cpu::GeluArgument<T> u2 = cpu::gelu_argument(x);
                    return d * cpu::sigmoid(u2.value) * (1 + x * cpu::sigmoid(-u2.value) * u2.derivative);
                });
            case Unary::silu: return apply([](T x, T d) { return d * cpu::sigmoid(x) * (1 + x * cpu::sigmoid(-x)); });
            case Unary::elu:
                return apply([a](T x, T d) { return x > 0 ? d : d * a * cpu::exp_nonpositive(x > 0 ? T(0) : x); });
            case Unary::leaky_relu: return apply([a](T y, T d) { return y > 0 ? d : a * d; });
            case Unary::softplus: return apply([](T x, T d) { return d * cpu::sigmoid(x); });
        }
    });
}

void CpuBackend::affine(const Tensor& x, double scale, double shift, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const T* from = x.data<T>();
        T* to = y.data<T>();
        const T factor = static_cast<T>(scale), summand = static_cast<T>(shift);
        cpu::for_each_element(y.size(), [=](std::int64_t i) { to[i] = factor * from[i] + summand; });
    });
}

void CpuBackend::elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        switch (op) {
            case Binary::add: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p + q; });
            case Binary::sub: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p - q; });
            case Binary::mul: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p * q; });
            case Binary::div: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p / q; });
            case Binary::maximum: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return is_larger(q, p) ? q : p; });
            case Binary::minimum: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return q < p || q != q ? q : p; });
            case Binary::greater_equal: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return T(p >= q ? 1 : 0); });
        }
    });
}

void CpuBackend::add_scaled(double alpha, const Tensor& x, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const T* from = x.data<T>();
        T* to = y.data<T>();
        const T factor = static_cast<T>(alpha);
        cpu::for_each_element(y.size(), [=](std::int64_t i) { to[i] += factor * from[i]; });
    });
}

}  // namespace cairn
