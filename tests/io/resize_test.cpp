#include "cairn/io/resize.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <numeric>

namespace cairn::io {
namespace {

using test::error_message;

// A grey image of one row or one column.
Image line(bool row, const std::vector<std::uint8_t>& values) {
    const auto n = static_cast<std::int64_t>(values.size());
    Image image{.height = row ? 1 : n, .width = row ? n : 1, .pixels = {}};
    for (const std::uint8_t value : values) image.pixels.insert(image.pixels.end(), 3, value);
    return image;
}

// The formulas of resize.h by hand. Catches centres that are off by half a pixel, pixels that only partly lie inside,
// and an axis that is treated unlike the other.
TEST(Resize, ALine) {
    struct Case {
        std::vector<std::uint8_t> before, after;
    };
    const Case cases[] = {
        {{10, 20, 90}, {10, 20, 90}},               // the same size: a copy
        {{10, 20, 31, 41}, {15, 36}},               // means of two
        {{30, 60, 90}, {40, 80}},                   // (30 + 60/2) / 1.5, (60/2 + 90) / 1.5
        {{0, 50, 100, 150, 200}, {40, 160}},        // (0 + 50 + 100/2) / 2.5, (100/2 + 150 + 200) / 2.5
        {{10, 20, 90}, {40}},                       // the mean
        {{0, 100}, {0, 25, 75, 100}},               // x = -1/4, 1/4, 3/4, 5/4
        {{0, 100}, {0, 50, 100}},                   // x = -1/6, 1/2, 7/6
        {{7}, {7, 7, 7}},                           // edges repeated
        {{0, 30, 60}, {0, 4, 17, 30, 43, 56, 60}},  // 30 x for x = -2/7, 1/7, 4/7, 1, 10/7, 13/7, 16/7
    };
    for (const Case& c : cases)
        for (const bool row : {true, false}) {
            const auto n = static_cast<std::int64_t>(c.after.size());
            const Image resized = resize(line(row, c.before), row ? 1 : n, row ? n : 1);
            EXPECT_EQ(resized.height, row ? 1 : n);
            EXPECT_EQ(resized.width, row ? n : 1);
            EXPECT_EQ(resized.pixels, line(row, c.after).pixels)
                << testing::PrintToString(c.before) << (row ? " as a row" : " as a column");
        }
}

// One axis shrinks while the other grows. Catches height taken for width and channels that mix.
TEST(Resize, BothAxesAtOnce) {
    // Red grows to the right, green downwards, blue is constant.
    Image image{.height = 4, .width = 2, .pixels = {}};
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 2; ++x)
            for (const int value : {100 * x, 40 * y, 9}) image.pixels.push_back(static_cast<std::uint8_t>(value));
    const Image resized = resize(image, 2, 4);
    EXPECT_EQ(resized.height, 2);
    EXPECT_EQ(resized.width, 4);
    EXPECT_EQ(resized.pixels, (std::vector<std::uint8_t>{0, 20,  9, 25, 20,  9, 75, 20,  9, 100, 20,  9,  //
                                                         0, 100, 9, 25, 100, 9, 75, 100, 9, 100, 100, 9}));
}

// Weights must sum to 1 for every pair of sizes. Catches weights lost or added by rounding at a pixel's border.
TEST(Resize, AConstantImageStaysConstant) {
    for (std::int64_t before = 1; before <= 40; ++before)
        for (std::int64_t after = 1; after <= 40; ++after) {
            const Image image{.height = before,
                              .width = 3,
                              .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(before * 9), 255)};
            const Image resized = resize(image, after, 2);
            ASSERT_EQ(resized.pixels, std::vector<std::uint8_t>(static_cast<std::size_t>(after * 6), 255))
                << before << " to " << after;
        }
}

// Catches a shrinking that skips pixels, as bilinear sampling would: a fine pattern must become its mean.
TEST(Resize, ShrinkingAveragesEveryPixel) {
    Image stripes{.height = 64, .width = 64, .pixels = {}};
    for (int i = 0; i < 64 * 64; ++i) stripes.pixels.insert(stripes.pixels.end(), 3, i % 4 == 0 ? 200 : 0);
    const Image resized = resize(stripes, 16, 16);
    EXPECT_EQ(resized.pixels, std::vector<std::uint8_t>(16 * 16 * 3, 50));
}

TEST(Resize, EverySizeIsAtLeastOne) {
    EXPECT_EQ(error_message([] {
                  resize(line(true, {1, 2}), 0, 5);
              }),
              "resize: an image of 1 x 2 cannot become 0 x 5; all sizes must be at least 1");
    EXPECT_THROW(resize(line(true, {1, 2}), 5, -1), Error);
    EXPECT_THROW(resize(Image{}, 2, 2), Error);
}

// Catches a part that is not in the middle, or of other proportions, and sides that become 0.
TEST(Crop, TakesTheMiddleInTheProportionsAskedFor) {
    Image image{3, 7, {}};
    for (int i = 0; i < 21; ++i) image.pixels.insert(image.pixels.end(), 3, static_cast<std::uint8_t>(i));
    const Image square = crop_to_aspect_ratio(image, 32, 32);
    ASSERT_EQ(square.height, 3);
    ASSERT_EQ(square.width, 3);
    EXPECT_EQ(square.pixels[0], 2);
    EXPECT_EQ(square.pixels.back(), 18);
    EXPECT_EQ(crop_to_aspect_ratio(image, 3, 7), image);
    const Image flat = crop_to_aspect_ratio(image, 1, 100);
    EXPECT_EQ(flat.height, 1);
    EXPECT_EQ(flat.width, 7);
    EXPECT_EQ(flat.pixels[0], 7);
    EXPECT_THROW(crop_to_aspect_ratio(image, 0, 1), Error);
}

}  // namespace
}  // namespace cairn::io
