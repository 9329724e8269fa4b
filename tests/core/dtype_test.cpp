#include "cairn/core/dtype.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

// Catches a size or a name that belongs to another type: files and device buffers are laid out by them.
TEST(DType, SizesNamesAndCppTypesAgree) {
    EXPECT_EQ(size_of(DType::float32), sizeof(float));
    EXPECT_EQ(size_of(DType::float64), sizeof(double));
    EXPECT_EQ(size_of(DType::int32), sizeof(std::int32_t));
    EXPECT_EQ(size_of(DType::uint8), sizeof(std::uint8_t));
    EXPECT_EQ(name_of(dtype_of<float>()), "float32");
    EXPECT_EQ(name_of(dtype_of<double>()), "float64");
    EXPECT_EQ(name_of(dtype_of<std::int32_t>()), "int32");
    EXPECT_EQ(name_of(dtype_of<std::uint8_t>()), "uint8");
}

// Catches a kernel that would read integers as floats.
TEST(DType, WithFloatChoosesTheTypeAndRefusesIntegers) {
    const auto bytes = []<typename T>() { return sizeof(T); };
    EXPECT_EQ(with_float(DType::float32, bytes), 4u);
    EXPECT_EQ(with_float(DType::float64, bytes), 8u);
    EXPECT_THROW(with_float(DType::int32, bytes), BugError);
    EXPECT_THROW(with_float(DType::uint8, bytes), BugError);
}

}  // namespace
}  // namespace cairn
