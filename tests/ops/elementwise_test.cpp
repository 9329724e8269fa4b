#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

Tensor filled(const Shape& shape, DType dtype = DType::float64, const Device& device = Device::cpu()) {
    return full(shape, 1, dtype, device);
}

// Broadcasting that repeats a wrong axis, or forgets the axes that one operand lacks.
TEST(Elementwise, BroadcastShapes) {
    struct {
        Shape a, b, y;
    } const rows[] = {
        {{}, {}, {}},          {{}, {2, 3}, {2, 3}},           {{2, 3}, {3}, {2, 3}}, {{2, 1}, {1, 3}, {2, 3}},
        {{3}, {2, 1}, {2, 3}}, {{4, 1, 2}, {3, 1}, {4, 3, 2}}, {{0, 3}, {3}, {0, 3}},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(ops::add(filled(row.a), filled(row.b)).shape(), row.y) << row.a.str() << " " << row.b.str();
        EXPECT_EQ(ops::div(filled(row.b), filled(row.a)).shape(), row.y) << row.a.str() << " " << row.b.str();
    }
}

// y = a - b / a at a = 2, b = (6, 12): the numbers are those one finds on paper.
TEST(Elementwise, GradientsOnPaper) {
    const Tensor a = autograd::variable(full({}, 2, DType::float64, Device::reference()));
    const Tensor b = autograd::variable(from_values<double>({2}, {6, 12}, Device::reference()));
    const Tensor y = ops::sub(a, ops::div(b, a));
    EXPECT_EQ(numbers(y), (std::vector<double>{-1, -4}));
    autograd::backward(y, from_values<double>({2}, {1, 10}, Device::reference()));
    EXPECT_EQ(numbers(autograd::gradient(a)), (std::vector<double>{(1 + 6. / 4) + 10 * (1 + 12. / 4)}));
    EXPECT_EQ(numbers(autograd::gradient(b)), (std::vector<double>{-1. / 2, -10. / 2}));
}

// relu'(0) is 0, as Keras has it. NaN passes forward: a training that has diverged must not look healthy.
TEST(Elementwise, ReluAtZeroAndNan) {
    for (const Device device : {Device::cpu(), Device::reference()}) {
        const Tensor y = ops::relu(from_values<double>({3}, {-1, std::nan(""), 2}, device));
        EXPECT_EQ(numbers(y)[0], 0);
        EXPECT_TRUE(std::isnan(numbers(y)[1]));
        EXPECT_EQ(numbers(y)[2], 2);
    }
    const Tensor x = autograd::variable(from_values<double>({3}, {-1, 0, 2}, Device::cpu()));
    const Tensor y = ops::relu(x);
    EXPECT_EQ(numbers(y), (std::vector<double>{0, 0, 2}));
    autograd::backward(y, filled({3}));
    EXPECT_EQ(numbers(autograd::gradient(x)), (std::vector<double>{0, 0, 1}));
}

TEST(Elementwise, Messages) {
    EXPECT_EQ(error_message([] {
                  ops::add(filled({2, 3}), filled({4, 3, 3}));
              }),
              "add: shapes (2, 3) and (4, 3, 3) do not broadcast: counted from the end, axis 2 has sizes 2 and 3, and "
              "neither "
              "is 1");
    EXPECT_EQ(error_message([] { ops::mul(filled({2}), filled({2}, DType::float32)); }),
              "mul: inputs (2,) of float64 and (2,) of float32 differ in dtype; convert one with to_dtype");
    EXPECT_EQ(error_message([] { ops::div(filled({2}), filled({3}, DType::float64, Device::reference())); }),
              "div: inputs (2,) on cpu and (3,) on reference must be on one device; move one with to_device");
    EXPECT_EQ(
        error_message([] { ops::relu(zeros({2}, DType::int32, Device::cpu())); }),
        "relu: an input (2,) is int32, but only float32 and float64 can be computed with; convert it with to_dtype");
    EXPECT_EQ(error_message([] { ops::sub(filled({2}), Tensor()); }), "sub: an input is an undefined Tensor");
    EXPECT_EQ(error_message([] { ops::exp(Tensor()); }), "exp: an input is an undefined Tensor");
}

}  // namespace
}  // namespace cairn::test
