#include "cairn/core/shape.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using test::error_message;

// Catches a product that starts at 0 (a scalar would hold nothing) and a text that reads differently from Python's
// tuples.
TEST(Shape, RankSizeAndText) {
    struct Case {
        Shape shape;
        int rank;
        std::int64_t size;
        const char* text;
    };
    const Case cases[] = {
        {{}, 0, 1, "()"},
        {{10}, 1, 10, "(10,)"},
        {{8, 32, 32, 3}, 4, 24576, "(8, 32, 32, 3)"},
        {{5, 0, 3}, 3, 0, "(5, 0, 3)"},
        {{1, 2, 3, 4, 5, 6}, 6, 720, "(1, 2, 3, 4, 5, 6)"},
        {{3'000'000'000, 2}, 2, 6'000'000'000, "(3000000000, 2)"},  // more than 32 bits
    };
    for (const Case& c : cases) {
        EXPECT_EQ(c.shape.rank(), c.rank) << c.text;
        EXPECT_EQ(c.shape.size(), c.size) << c.text;
        EXPECT_EQ(c.shape.str(), c.text);
        EXPECT_EQ(fmt::format("{}", c.shape), c.text);
    }
}

// Catches off-by-one errors at both ends of the axes, counted from either side.
TEST(Shape, AxesCountFromBothEnds) {
    const Shape shape{8, 32, 16, 3};
    const std::int64_t dims[] = {8, 32, 16, 3};
    for (int axis = 0; axis < 4; ++axis) {
        EXPECT_EQ(shape[axis], dims[axis]);
        EXPECT_EQ(shape[axis - 4], dims[axis]);
    }
    EXPECT_THROW(shape[4], BugError);
    EXPECT_THROW(shape[-5], BugError);
    EXPECT_THROW(Shape{}[0], BugError);
    EXPECT_THROW(Shape{}[-1], BugError);
}

// Catches a derived shape that keeps an old axis or alters the original.
TEST(Shape, DerivedShapes) {
    const Shape shape{32, 16, 3};
    EXPECT_EQ(shape.append(7), (Shape{32, 16, 3, 7}));
    EXPECT_EQ(shape.prepend(8), (Shape{8, 32, 16, 3}));
    EXPECT_EQ(shape.drop_first(), (Shape{16, 3}));
    EXPECT_EQ(shape.with(-1, 5), (Shape{32, 16, 5}));
    EXPECT_EQ(shape.with(0, 5), (Shape{5, 16, 3}));
    EXPECT_EQ(shape, (Shape{32, 16, 3}));
    EXPECT_EQ(Shape{7}.drop_first(), Shape{});
    EXPECT_THROW(Shape{}.drop_first(), BugError);
    EXPECT_THROW(shape.with(3, 1), BugError);
}

// Catches a comparison by size or by a common prefix.
TEST(Shape, Equality) {
    EXPECT_EQ(Shape{}, Shape{});
    EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
    EXPECT_NE((Shape{2, 3}), (Shape{2, 3, 1}));
    EXPECT_NE((Shape{2, 3, 0}), (Shape{2, 3}));
}

// Catches silent truncation to max_rank axes and sizes that wrap around.
TEST(Shape, RefusesTooManyAxesAndNegativeSizes) {
    EXPECT_EQ(error_message([] { Shape({1, 1, 1, 1, 1, 1, 1}); }), "shape: more than 6 axes are not supported");
    EXPECT_EQ(error_message([] { Shape({4, -1}); }), "shape: the size -1 of axis 1 is negative");
    EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1}.append(1)), Error);
    EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1}.prepend(1)), Error);
}

}  // namespace
}  // namespace cairn
