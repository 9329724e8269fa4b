// Comparing tensors as vectors of numbers.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/core/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace cairn::test {

// The elements as doubles, whatever the dtype (but not uint8) and the device.
inline std::vector<double> numbers(const Tensor& x) {
    if (x.dtype() == DType::int32) {
        const auto values = x.to_vector<std::int32_t>();
        return {values.begin(), values.end()};
    }
    return with_float(x.dtype(), [&]<typename T>() {
        const auto values = x.to_vector<T>();
        return std::vector<double>(values.begin(), values.end());
    });
}

// Sum of the products of corresponding elements.
inline double dot(const Tensor& a, const Tensor& b) {
    const std::vector<double> u = numbers(a), v = numbers(b);
    invariant(u.size() == v.size(), "dot: {} and {} differ in size", a.shape(), b.shape());
    double sum = 0;
    for (std::size_t i = 0; i < u.size(); ++i) sum += u[i] * v[i];
    return sum;
}

inline double norm(const Tensor& x) { return std::sqrt(dot(x, x)); }

// |actual - expected| / max(|expected|, least), Euclidean norms; 0 if all are equal, infinite if the shapes differ.
inline double relative_error(const Tensor& actual, const Tensor& expected, double least = 0) {
    if (actual.shape() != expected.shape()) return std::numeric_limits<double>::infinity();
    const std::vector<double> u = numbers(actual), v = numbers(expected);
    double error = 0, size = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        error += (u[i] - v[i]) * (u[i] - v[i]);
        size += v[i] * v[i];
    }
    return error == 0 ? 0 : std::sqrt(error) / std::max(std::sqrt(size), least);
}

// A float64 tensor of normally distributed numbers; different ordinals give different numbers.
inline Tensor random_tensor(const Shape& shape, const Device& device, std::uint32_t ordinal, std::uint64_t seed = 1) {
    RandomStream random({seed, stream_of(Purpose::test, ordinal)});
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (double& value : values) value = random.normal();
    return from_values(shape, values, device);
}

}  // namespace cairn::test
