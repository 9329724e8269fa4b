// What follows a product in a layer, and what precedes its gradients, on numbers that are still in cache.
#pragma once

#include "cairn/backend/backend.h"

namespace cairn::cpu {

// A maximum of 0 and z that passes NaN on: as a vector one instruction (micro_kernel.h).
template <typename T>
T relu(T z) {
    return z < 0 ? T(0) : z;
}

// y = y + bias, or relu(y + bias), for rows of `columns` elements that lie `stride` apart; bias may be nullptr.
template <typename T>
void add_bias_and_activate(std::int64_t rows, std::int64_t columns, const T* bias, bool with_relu, T* y,
                           std::int64_t stride) {
    if (bias == nullptr && !with_relu) return;
    const auto run = [=](auto f) {
        for (std::int64_t row = 0; row < rows; ++row) {
            T* values = y + row * stride;
#pragma GCC ivdep
            for (std::int64_t i = 0; i < columns; ++i) values[i] = f(values[i], i);
        }
    };
    if (!with_relu) return run([=](T z, std::int64_t i) { return z + bias[i]; });
    if (bias == nullptr) return run([](T z, std::int64_t) { return relu(z); });
    run([=](T z, std::int64_t i) { return relu(z + bias[i]); });
}

// dz = dy where y > 0, else 0.
template <typename T>
void mask_by_relu(const T* __restrict y, const T* __restrict dy, std::int64_t n, T* __restrict dz) {
    for (std::int64_t i = 0; i < n; ++i) dz[i] = y[i] > 0 ? dy[i] : T(0);
}

}  // namespace cairn::cpu
