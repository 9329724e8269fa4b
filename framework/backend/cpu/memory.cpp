#include "cairn/backend/cpu/cpu_backend.h"
#include "cairn/backend/cpu/loops.h"

#include <cstring>
#include <type_traits>

namespace cairn {

namespace {

template <typename T>
void fill_with(const Tensor& y, double value) {
    T* to = y.data<T>();
    const T element = static_cast<T>(value);
    cpu::for_each_element(y.size(), [=](std::int64_t i) { to[i] = element; });
}

// Bytes become images in T, where a vector holds twice as many numbers as in double. By 255 both give the same bits.
template <typename From, typename T>
void divide(const Tensor& x, double divisor, const Tensor& y) {
    using Quotient = std::conditional_t<std::is_same_v<From, std::uint8_t>, T, double>;
    const From* from = x.data<From>();
    T* to = y.data<T>();
    const auto by = static_cast<Quotient>(divisor);
    cpu::for_each_element(x.size(),
                          [=](std::int64_t i) { to[i] = static_cast<T>(static_cast<Quotient>(from[i]) / by); });
}

}  // namespace

void CpuBackend::fill(const Tensor& y, double value) {
    if (y.dtype() == DType::int32) return fill_with<std::int32_t>(y, value);
    with_float(y.dtype(), [&]<typename T>() { fill_with<T>(y, value); });
}

void CpuBackend::copy(const Tensor& x, const Tensor& y) {
    const std::byte* from = x.block().host + x.byte_offset();
    std::byte* to = y.block().host + y.byte_offset();
    const auto bytes = static_cast<std::int64_t>(x.bytes());
    parallel_for(bytes, 4 * cpu::element_grain, [=](std::int64_t begin, std::int64_t end, int) {
        std::memmove(to + begin, from + begin, static_cast<std::size_t>(end - begin));
    });
}

void CpuBackend::convert(const Tensor& x, double divisor, const Tensor& y) {
    with_float(y.dtype(), [&]<typename T>() {
        switch (x.dtype()) {
            case DType::float32: return divide<float, T>(x, divisor, y);
            case DType::float64: return divide<double, T>(x, divisor, y);
            case DType::int32: return divide<std::int32_t, T>(x, divisor, y);
            case DType::uint8: return divide<std::uint8_t, T>(x, divisor, y);
        }
    });
}

}  // namespace cairn
