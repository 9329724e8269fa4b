#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

Tensor counted(const Shape& shape) {  // 0, 1, 2, …
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
    return from_values(shape, values, Device::cpu());
}

// A wrong or a wrongly counted axis, or one that is dropped though it should be kept.
TEST(Reduce, ShapesAndValues) {
    struct {
        Shape x;
        std::vector<int> axes;
        bool keep_dims;
        Shape y;
        std::vector<double> sum, max;
    } const rows[] = {
        {{2, 3}, {}, false, {}, {15}, {5}},
        {{2, 3}, {}, true, {1, 1}, {15}, {5}},
        {{2, 3}, {0}, false, {3}, {3, 5, 7}, {3, 4, 5}},
        {{2, 3}, {-1}, false, {2}, {3, 12}, {2, 5}},
        {{2, 3}, {-2}, false, {3}, {3, 5, 7}, {3, 4, 5}},  // the first axis, counted from the end
        {{2, 3}, {1}, true, {2, 1}, {3, 12}, {2, 5}},
        {{2, 2, 2}, {0, -1}, false, {2}, {0 + 1 + 4 + 5, 2 + 3 + 6 + 7}, {5, 7}},
        {{2, 2, 2}, {1}, false, {2, 2}, {2, 4, 10, 12}, {2, 3, 6, 7}},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(fmt::format("{} over [{}]", row.x, fmt::join(row.axes, ", ")));
        const Tensor x = counted(row.x);
        const Tensor sum = ops::sum(x, row.axes, row.keep_dims), mean = ops::mean(x, row.axes, row.keep_dims);
        EXPECT_EQ(sum.shape(), row.y);
        EXPECT_EQ(numbers(sum), row.sum);
        EXPECT_EQ(numbers(ops::max(x, row.axes, row.keep_dims)), row.max);
        EXPECT_DOUBLE_EQ(numbers(mean)[0],
                         row.sum[0] * static_cast<double>(sum.size()) / static_cast<double>(x.size()));
    }
}

// The first of equal maxima gets the gradient, and gets it once.
TEST(Reduce, MaxGradientGoesToTheFirstOfEquals) {
    const Tensor x = autograd::variable(from_values<double>({2, 3}, {1, 7, 7, 2, 2, 0}, Device::cpu()));
    autograd::backward(ops::max(x, {1}), from_values<double>({2}, {10, 20}, Device::cpu()));
    EXPECT_EQ(numbers(autograd::gradient(x)), (std::vector<double>{0, 10, 0, 20, 0, 0}));
}

TEST(Reduce, Messages) {
    const Tensor x = counted({2, 3});
    EXPECT_EQ(error_message([&] { ops::sum(x, {2}); }),
              "sum: input (2, 3) has no axis 2; axes count from 0, or from -1 at the end");
    EXPECT_EQ(error_message([&] { ops::mean(x, {-3}); }),
              "mean: input (2, 3) has no axis -3; axes count from 0, or from -1 at the end");
    EXPECT_EQ(error_message([&] { ops::max(x, {1, -1}); }), "max: axis 1 of input (2, 3) is named twice");
    EXPECT_EQ(error_message([] { ops::max(counted({0, 3})); }), "max: input (0, 3) has no elements");
}

}  // namespace
}  // namespace cairn::test
