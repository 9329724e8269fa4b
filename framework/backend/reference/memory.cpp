// Filling, copying and converting tensors.
#include "cairn/backend/reference/reference_backend.h"

namespace cairn {

namespace {

// Calls f.template operator()<T>() for the C++ type T of any dtype.
template <typename F>
void with_type(DType dtype, F&& f) {
    switch (dtype) {
        case DType::float32: return f.template operator()<float>();
        case DType::float64: return f.template operator()<double>();
        case DType::int32: return f.template operator()<std::int32_t>();
        case DType::uint8: return f.template operator()<std::uint8_t>();
    }
}

}  // namespace

// fill: y[i] = value
void ReferenceBackend::fill(const Tensor& y, double value) {
    with_type(y.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < y.size(); ++i) y.data<T>()[i] = static_cast<T>(value);
    });
}

// copy: y[i] = x[i]
void ReferenceBackend::copy(const Tensor& x, const Tensor& y) {
    with_type(x.dtype(), [&]<typename T>() {
        for (std::int64_t i = 0; i < x.size(); ++i) y.data<T>()[i] = x.data<T>()[i];
    });
}

// convert: y[i] = x[i] / divisor
void ReferenceBackend::convert(const Tensor& x, double divisor, const Tensor& y) {
    with_type(x.dtype(), [&]<typename From>() {
        with_float(y.dtype(), [&]<typename T>() {
            for (std::int64_t i = 0; i < x.size(); ++i) y.data<T>()[i] = static_cast<T>(x.data<From>()[i] / divisor);
        });
    });
}

}  // namespace cairn
