#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

Tensor filled(const Shape& shape) { return full(shape, 1, DType::float64, Device::cpu()); }

TEST(Reshape, ShapesWithoutACopy) {
    struct {
        Shape from;
        std::vector<std::int64_t> to;
        Shape expected;
    } const rows[] = {
        {{2, 6}, {3, 4}, {3, 4}}, {{2, 6}, {-1}, {12}},      {{2, 6}, {3, -1, 2}, {3, 2, 2}}, {{1}, {}, {}},
        {{0, 3}, {3, 0}, {3, 0}}, {{0, 3}, {-1, 3}, {0, 3}}, {{}, {1, -1}, {1, 1}},
    };
    for (const auto& row : rows) {
        const Tensor x = filled(row.from), y = ops::reshape(x, row.to);
        EXPECT_EQ(y.shape(), row.expected);
        EXPECT_TRUE(y.same_memory(x)) << "a reshape must not copy";
    }
    EXPECT_EQ(ops::flatten(filled({8, 4, 4, 2})).shape(), (Shape{8, 32}));
    EXPECT_EQ(ops::flatten(filled({8})).shape(), (Shape{8, 1}));
    EXPECT_EQ(ops::flatten(filled({0, 4, 2})).shape(), (Shape{0, 8}));
}

TEST(Reshape, Messages) {
    EXPECT_EQ(error_message([] {
                  ops::reshape(filled({2, 3}), {4, 2});
              }),
              "reshape: input (2, 3) has 6 elements but (4, 2) has 8");
    EXPECT_EQ(error_message([] {
                  ops::reshape(filled({2, 3}), {-1, -1});
              }),
              "reshape: at most one size of (-1, -1) may be -1");
    EXPECT_EQ(error_message([] {
                  ops::reshape(filled({2, 3}), {4, -1});
              }),
              "reshape: the 6 elements of (2, 3) cannot be split into (4, -1): 4 does not divide them");
    EXPECT_EQ(error_message([] {
                  ops::reshape(filled({0, 3}), {0, -1});
              }),
              "reshape: the 0 elements of (0, 3) cannot be split into (0, -1): 0 does not divide them");
    EXPECT_EQ(error_message([] { ops::reshape(filled({2}), {-2}); }),
              "reshape: the size -2 in (-2) is negative; only -1 is allowed, for a size to be found");
    EXPECT_EQ(error_message([] { ops::flatten(filled({})); }), "flatten: input () has no batch axis to keep");
}

}  // namespace
}  // namespace cairn::test
