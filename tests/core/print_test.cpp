// Tensors as text: catches a misplaced bracket, elements that are left out on the wrong side, a width that one column has
// for itself.
#include "cairn/core/print.h"
#include "cairn/backend/devices.h"

#include <gtest/gtest.h>

#include <numeric>
#include <sstream>

namespace cairn::test {
namespace {

Tensor counted(const Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    std::iota(values.begin(), values.end(), 0.0f);
    return from_values(shape, values, Device::cpu());
}

TEST(Print, SmallTensorsAreWhole) {
    EXPECT_EQ(to_string(from_values<double>({}, {2.5}, Device::reference())), "tensor () float64 on reference\n2.5");
    EXPECT_EQ(to_string(from_values<std::int32_t>({3}, {1, -20, 3}, Device::cpu())),
              "tensor (3,) int32 on cpu\n[  1, -20,   3]");
    EXPECT_EQ(to_string(from_values<float>({2, 3}, {1, 2.5f, 3, 4, -5, 6e9f}, Device::cpu())),
              "tensor (2, 3) float32 on cpu\n[[    1,   2.5,     3],\n [    4,    -5, 6e+09]]");
    EXPECT_EQ(to_string(counted({2, 1, 2})), "tensor (2, 1, 2) float32 on cpu\n[[[0, 1]],\n\n [[2, 3]]]");
    EXPECT_EQ(to_string(counted({0, 3})), "tensor (0, 3) float32 on cpu\n[]");
    EXPECT_EQ(to_string(Tensor()), "undefined tensor");
}

TEST(Print, BigTensorsShowTheirEnds) {
    EXPECT_EQ(to_string(counted({1001})), "tensor (1001,) float32 on cpu\n[   0,    1,    2, ...,  998,  999, 1000]");
    EXPECT_EQ(to_string(counted({200, 6})),
              "tensor (200, 6) float32 on cpu\n"
              "[[   0,    1,    2,    3,    4,    5],\n"
              " [   6,    7,    8,    9,   10,   11],\n"
              " [  12,   13,   14,   15,   16,   17],\n"
              " ...,\n"
              " [1182, 1183, 1184, 1185, 1186, 1187],\n"
              " [1188, 1189, 1190, 1191, 1192, 1193],\n"
              " [1194, 1195, 1196, 1197, 1198, 1199]]");
}

TEST(Print, StreamsAndFormats) {
    const Tensor x = from_values<std::int32_t>({1}, {7}, Device::cpu());
    std::ostringstream out;
    out << x;
    EXPECT_EQ(out.str(), "tensor (1,) int32 on cpu\n[7]");
    EXPECT_EQ(fmt::format("{}", x), out.str());
}

}  // namespace
}  // namespace cairn::test
