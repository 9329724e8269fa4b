#include "cairn/backend/cpu/broadcast.h"
#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/epilogue.h"
#include "cairn/backend/cpu/loops.h"

#include <cmath>

namespace cairn {

void CpuBackend::elementwise(Unary op, const Tensor& x, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        const T* from = x.data<T>();
        T* to = y.data<T>();
        const auto apply = [&](auto f) {
            cpu::for_each_element(y.size(), [=](std::int64_t i) { to[i] = f(from[i]); });
        };
        switch (op) {
            case Unary::exp: return apply([](T v) { return std::exp(v); });
            case Unary::log: return apply([](T v) { return std::log(v); });
            case Unary::sqrt: return apply([](T v) { return std::sqrt(v); });
            case Unary::square: return apply([](T v) { return v * v; });
            case Unary::relu: return apply([](T v) { return cpu::relu(v); });
        }
    });
}

void CpuBackend::elementwise_backward(Unary op, const Tensor& kept, const Tensor& dy, const Tensor& dx) {
    with_float(dx.dtype(), [&]<typename T>() {
        const T *saved = kept.data<T>(), *from = dy.data<T>();
        T* to = dx.data<T>();
        const auto apply = [&](auto f) {
            cpu::for_each_element(dx.size(), [=](std::int64_t i) { to[i] = f(saved[i], from[i]); });
        };
        switch (op) {
            case Unary::exp: return apply([](T y, T d) { return d * y; });
            case Unary::log: return apply([](T x, T d) { return d / x; });
            case Unary::sqrt: return apply([](T y, T d) { return d / (2 * y); });
            case Unary::square: return apply([](T x, T d) { return 2 * d * x; });
            case Unary::relu: return apply([](T y, T d) { return y > 0 ? d : T(0); });
        }
    });
}

void CpuBackend::elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        switch (op) {
            case Binary::add: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p + q; });
            case Binary::sub: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p - q; });
            case Binary::mul: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p * q; });
            case Binary::div: return cpu::broadcast<T>(a, b, y, [](T p, T q) { return p / q; });
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
