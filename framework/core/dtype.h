// DType: the element type of a tensor.
//
//   float32  training            float64  gradient checks (reference and cpu only)
//   int32    labels, argmax      uint8    image bytes
#pragma once

#include "cairn/core/error.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace cairn {

enum class DType { float32, float64, int32, uint8 };

constexpr std::size_t size_of(DType dtype) {
    switch (dtype) {
        case DType::float32: return 4;
        case DType::float64: return 8;
        case DType::int32: return 4;
        case DType::uint8: return 1;
    }
    return 0;
}

constexpr std::string_view name_of(DType dtype) {
    switch (dtype) {
        case DType::float32: return "float32";
        case DType::float64: return "float64";
        case DType::int32: return "int32";
        case DType::uint8: return "uint8";
    }
    return "?";
}

template <typename T>
constexpr DType dtype_of() {
    if constexpr (std::is_same_v<T, float>) return DType::float32;
    else if constexpr (std::is_same_v<T, double>) return DType::float64;
    else if constexpr (std::is_same_v<T, std::int32_t>) return DType::int32;
    else {
        static_assert(std::is_same_v<T, std::uint8_t>, "no DType for this C++ type");
        return DType::uint8;
    }
}

// Calls f.template operator()<float>() or <double>() for a floating-point dtype: how type-erased kernels reach
// templates.
//   with_float(x.dtype(), [&]<typename T>() { relu(x.data<T>(), y.data<T>(), x.size()); });
template <typename F>
decltype(auto) with_float(DType dtype, F&& f) {
    if (dtype == DType::float32) return f.template operator()<float>();
    invariant(dtype == DType::float64, "a floating-point tensor was expected, not {}", name_of(dtype));
    return f.template operator()<double>();
}

}  // namespace cairn
