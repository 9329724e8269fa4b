// What follows a matrix product in a layer, on a part of its result that is still in cache.
#pragma once

#include "backend/backend.h"

namespace cairn::cpu {

// y = y + bias, or relu(y + bias), for rows of `columns` elements that lie `stride` apart; bias may be nullptr.
template <typename T>
void add_bias_and_activate(std::int64_t rows, std::int64_t columns, const T* bias, bool relu, T* y,
                           std::int64_t stride) {
    if (bias == nullptr && !relu) return;
    const auto run = [=](auto f) {
        for (std::int64_t row = 0; row < rows; ++row) {
            T* values = y + row * stride;
#pragma GCC ivdep
            for (std::int64_t i = 0; i < columns; ++i) values[i] = f(values[i], i);
        }
    };
    if (!relu) return run([=](T z, std::int64_t i) { return z + bias[i]; });
    if (bias == nullptr) return run([](T z, std::int64_t) { return z > 0 ? z : T(0); });
    run([=](T z, std::int64_t i) {
        const T shifted = z + bias[i];
        return shifted > 0 ? shifted : T(0);
    });
}

}  // namespace cairn::cpu
