#include "cairn/data/augment.h"

#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace cairn::data {
namespace {

constexpr RandomKey key{.seed = 5, .stream = stream_of(Purpose::augment), .step = 3};
const Shape shape{5, 4, 2};  // height and width differ, so that mixing them up shows

using Bytes = std::vector<std::uint8_t>;

// `count` copies of one image whose 40 bytes all differ from each other and from black.
Bytes copies(std::int64_t count) {
    Bytes images;
    for (std::int64_t i = 0; i < count; ++i)
        for (int b = 1; b <= shape.size(); ++b) images.push_back(static_cast<std::uint8_t>(b));
    return images;
}

Bytes augmented(std::int64_t count, const Augmentation& how, const RandomKey& draw = key) {
    Bytes images = copies(count);
    augment(images.data(), count, shape, how, draw);
    return images;
}

Bytes image(const Bytes& images, std::int64_t i) {
    const auto first = images.begin() + static_cast<std::ptrdiff_t>(i * shape.size());
    return {first, first + static_cast<std::ptrdiff_t>(shape.size())};
}

// The definition, one pixel at a time.
Bytes by_definition(bool mirror, std::int64_t down, std::int64_t right) {
    const Bytes from = copies(1);
    Bytes to(from.size(), 0);
    for (std::int64_t y = 0; y < shape[0]; ++y)
        for (std::int64_t x = 0; x < shape[1]; ++x)
            for (std::int64_t c = 0; c < shape[2]; ++c) {
                const std::int64_t fy = y - down, fx = mirror ? shape[1] - 1 - (x - right) : x - right;
                if (fy < 0 || fy >= shape[0] || x - right < 0 || x - right >= shape[1]) continue;
                to[static_cast<std::size_t>((y * shape[1] + x) * shape[2] + c)] =
                    from[static_cast<std::size_t>((fy * shape[1] + fx) * shape[2] + c)];
            }
    return to;
}

// Each of the 2 x 7 x 7 images must come out, each about as often as the others, and no other. Catches an axis mixed up
// with the other, swapped channels, a border that is not black, shifts that leave out one end, and choices that hang
// together. 9,800 draws, 100 expected of each: 5 standard deviations are 50.
TEST(Augment, DrawsEveryFlipAndShiftEquallyOften) {
    constexpr std::int64_t draws = 9800;
    const Bytes images = augmented(draws, {.flip = true, .shift = 3});
    std::map<Bytes, int> seen;
    for (std::int64_t i = 0; i < draws; ++i) ++seen[image(images, i)];
    EXPECT_EQ(seen.size(), 98u);
    for (const bool mirror : {false, true})
        for (std::int64_t down = -3; down <= 3; ++down)
            for (std::int64_t right = -3; right <= 3; ++right)
                EXPECT_NEAR(seen[by_definition(mirror, down, right)], 100, 50)
                    << "mirror " << mirror << ", down " << down << ", right " << right;
}

// Catches one half of the augmentation that is applied without being asked for.
TEST(Augment, DoesOnlyWhatIsAsked) {
    EXPECT_EQ(augmented(50, {}), copies(50));
    const Bytes flipped = augmented(50, {.flip = true}), shifted = augmented(50, {.shift = 1});
    for (std::int64_t i = 0; i < 50; ++i) {
        const Bytes f = image(flipped, i);
        EXPECT_TRUE(f == by_definition(false, 0, 0) || f == by_definition(true, 0, 0));
        bool found = false;
        for (std::int64_t down = -1; down <= 1; ++down)
            for (std::int64_t right = -1; right <= 1; ++right)
                found |= image(shifted, i) == by_definition(false, down, right);
        EXPECT_TRUE(found);
    }
}

// Catches numbers that depend on the batch's size or are drawn on from batch to batch, and draws that repeat from step
// to step or seed to seed: a resumed run must see the same images.
TEST(Augment, IsAFunctionOfTheKeyAndThePlaceInTheBatch) {
    const Augmentation how{.flip = true, .shift = 2};
    const Bytes all = augmented(64, how);
    const Bytes few = augmented(7, how);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin()));
    EXPECT_EQ(augmented(64, how), all);
    EXPECT_NE(augmented(64, how, {key.seed, key.stream, key.step + 1}), all);
    EXPECT_NE(augmented(64, how, {key.seed + 1, key.stream, key.step}), all);
}

// Catches a write beyond the last image.
TEST(Augment, LeavesWhatFollowsAlone) {
    Bytes images = copies(3);
    augment(images.data(), 2, shape, {.flip = true, .shift = 3}, key);
    EXPECT_EQ(image(images, 2), copies(1));
}

TEST(Augment, RefusesShiftsThatCouldHideAnImage) {
    Bytes images = copies(1);
    for (const std::int64_t shift : {-1, 4})
        EXPECT_EQ(test::error_message([&] { augment(images.data(), 1, shape, {.shift = shift}, key); }),
                  fmt::format("images (5, 4, 2) can be shifted by 0 to 3 pixels, not {}", shift));
}

}  // namespace
}  // namespace cairn::data
