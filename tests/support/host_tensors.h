// Small float64 tensors on the reference device, for tests that compare with numbers computed by hand.
#pragma once

#include "cairn/backend/devices.h"

#include <gtest/gtest.h>

#include <limits>

namespace cairn::test {

inline Tensor tensor(const Shape& shape, const std::vector<double>& values) {
    return from_values(shape, values, Device::reference());
}

inline Tensor int_tensor(const Shape& shape, const std::vector<std::int32_t>& values) {
    return from_values(shape, values, Device::reference());
}

// An output full of NaN: a kernel that adds to it instead of overwriting it shows.
inline Tensor output(const Shape& shape) {
    return full(shape, std::numeric_limits<double>::quiet_NaN(), DType::float64, Device::reference());
}

inline Tensor int_output(const Shape& shape) { return full(shape, -777, DType::int32, Device::reference()); }

inline std::vector<double> values(const Tensor& x) { return x.to_vector<double>(); }
inline std::vector<std::int32_t> int_values(const Tensor& x) { return x.to_vector<std::int32_t>(); }

inline void expect_near(const Tensor& x, const std::vector<double>& wanted, double tolerance = 1e-12) {
    const std::vector<double> got = values(x);
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << "at " << i;
}

}  // namespace cairn::test
