#include "cairn/ops/ops.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using ops::Padding;

// Padding on the wrong side, or an output one too small or large. The columns are another axis than the rows: each row
// of the table is checked along both, with a plain 1 x 1 window along the other.
TEST(Window, PlacesAsKerasDoes) {
    struct {
        std::int64_t image, window, stride;
        Padding padding;
        std::int64_t output, before;
    } const rows[] = {
        {5, 3, 1, Padding::valid, 3, 0},  {5, 3, 2, Padding::valid, 2, 0}, {6, 3, 2, Padding::valid, 2, 0},
        {3, 3, 1, Padding::valid, 1, 0},  {7, 2, 3, Padding::valid, 2, 0}, {1, 1, 1, Padding::valid, 1, 0},
        {5, 3, 1, Padding::same, 5, 1},  // one on either side
        {5, 2, 1, Padding::same, 5, 0},  // one in all: behind
        {5, 4, 1, Padding::same, 5, 1},  // three: one before, two behind
        {6, 3, 2, Padding::same, 3, 0},  // one: behind
        {7, 3, 2, Padding::same, 4, 1},  // two
        {5, 1, 3, Padding::same, 2, 0},  // none, though the windows skip pixels
        {32, 3, 1, Padding::same, 32, 1}, {1, 5, 1, Padding::same, 1, 2},  {2, 5, 3, Padding::same, 1, 1},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(fmt::format("image {}, window {}, stride {}", row.image, row.window, row.stride));
        const auto vertical =
            ops::slide_window("op", {1, row.image, 4, 1}, {row.window, 1}, {row.stride, 1}, row.padding);
        EXPECT_EQ(vertical.output_h, row.output);
        EXPECT_EQ(vertical.window.pad_top, row.before);
        EXPECT_EQ(vertical.window.window_h, row.window);
        EXPECT_EQ(vertical.window.stride_h, row.stride);
        EXPECT_EQ(vertical.output_w, 4);
        EXPECT_EQ(vertical.window.pad_left, 0);
        const auto horizontal =
            ops::slide_window("op", {1, 4, row.image, 1}, {1, row.window}, {1, row.stride}, row.padding);
        EXPECT_EQ(horizontal.output_w, row.output);
        EXPECT_EQ(horizontal.window.pad_left, row.before);
        EXPECT_EQ(horizontal.window.window_w, row.window);
        EXPECT_EQ(horizontal.window.stride_w, row.stride);
        EXPECT_EQ(horizontal.output_h, 4);
        EXPECT_EQ(horizontal.window.pad_top, 0);
    }
}

TEST(Window, Messages) {
    const auto place = [](const Shape& x, std::array<std::int64_t, 2> size, std::array<std::int64_t, 2> strides) {
        return error_message([&] { ops::slide_window("conv2d", x, size, strides, Padding::valid); });
    };
    EXPECT_EQ(place({32, 32, 3}, {3, 3}, {1, 1}), "conv2d: input (32, 32, 3) must be (batch, height, width, channels)");
    EXPECT_EQ(place({1, 4, 4, 3}, {0, 3}, {1, 1}),
              "conv2d: the window (0, 3) must have at least one row and one column");
    EXPECT_EQ(place({1, 4, 4, 3}, {3, 3}, {1, -1}), "conv2d: the strides (1, -1) must be at least 1");
    EXPECT_EQ(place({1, 4, 0, 3}, {3, 3}, {1, 1}), "conv2d: input (1, 4, 0, 3) has an image without pixels");
    EXPECT_EQ(
        place({1, 4, 4, 3}, {3, 5}, {1, 1}),
        "conv2d: the window (3, 5) is larger than the image (4, 4); use padding 'same', a smaller window or a larger "
        "image");
}

}  // namespace
}  // namespace cairn::test
