#include "cairn/data/shapes10.h"

#include "cairn/core/parallel.h"
#include "cairn/data/canonical.h"
#include "cairn/data/shapes10_outlines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace cairn::data {
namespace {

// Catches any change of the pictures: the accuracies quoted for shapes10 hold for these alone. If the change is meant,
// measure them again and put the new hash here.
TEST(Shapes10, SeedZeroIsTheSameEverywhere) {
    const Split split = make_shapes10();
    EXPECT_EQ(split.train.size(), 10'000);
    EXPECT_EQ(split.test.size(), 2'000);
    EXPECT_EQ(content_hash(split.train), 0x220fda01247bbba6u);
    EXPECT_EQ(content_hash(split.test), 0x346e4570c2679174u);
}

// Catches pictures that depend on how the work was split.
TEST(Shapes10, NumberOfThreadsDoesNotMatter) {
    const int before = threads();
    std::set<std::uint64_t> hashes;
    for (const int count : {1, 2, 5}) {
        set_threads(count);
        hashes.insert(content_hash(make_shapes10(3, 200, 100).train));
    }
    set_threads(before);
    EXPECT_EQ(hashes.size(), 1u);
}

// Catches seeds, or training and test set, that share their random numbers.
TEST(Shapes10, SeedsAndPartsDiffer) {
    std::set<std::uint64_t> hashes;
    for (const std::uint64_t seed : {0ull, 1ull, 1ull << 32}) {
        const Split split = make_shapes10(seed, 20, 20);
        hashes.insert(content_hash(split.train));
        hashes.insert(content_hash(split.test));
    }
    EXPECT_EQ(hashes.size(), 6u);
}

// Catches pictures that depend on how many are drawn.
TEST(Shapes10, SmallerSetIsPartOfTheLarger) {
    const Dataset small = make_shapes10(0, 10, 0).train, large = make_shapes10(0, 40, 0).train;
    std::set<std::vector<std::uint8_t>> images;
    for (std::int64_t i = 0; i < large.size(); ++i) images.insert({large.image(i).begin(), large.image(i).end()});
    for (std::int64_t i = 0; i < small.size(); ++i)
        EXPECT_TRUE(images.contains({small.image(i).begin(), small.image(i).end()}));
}

TEST(Shapes10, ClassesAreBalanced) {
    const Split split = make_shapes10(0, 1000, 200);
    ASSERT_EQ(split.train.classes.size(), 10u);
    for (int label = 0; label < 10; ++label) {
        EXPECT_EQ(std::ranges::count(split.train.labels, label), 100);
        EXPECT_EQ(std::ranges::count(split.test.labels, label), 20);
    }
}

// Catches colours that give the class away. Objects are a little lighter than their background (by some 20 of 255) and
// cover 15 to 45 % of the picture, so that the means of two classes differ by up to 6. Over 200 pictures of a class a
// mean has a standard error of 50 / sqrt(200) = 3.5, so that ten of them spread over 3.1 * 3.5 = 11 more.
TEST(Shapes10, MeanColourTellsLittle) {
    const Dataset dataset = make_shapes10(0, 2000, 0).train;
    for (std::size_t c = 0; c < 3; ++c) {
        double sums[10] = {};
        for (std::int64_t i = 0; i < dataset.size(); ++i)
            for (std::size_t p = c; p < 3072; p += 3)
                sums[dataset.labels[static_cast<std::size_t>(i)]] += dataset.image(i)[p];
        for (double& sum : sums) sum /= 200 * 1024;
        const auto [low, high] = std::ranges::minmax(sums);
        EXPECT_LT(high - low, 20) << "channel " << c;
    }
}

// Catches an outline that leaves the unit circle, has no inside, or is no signed distance: edges are smooth because the
// distance changes about as fast as the place does. The spiral's changes by sqrt(1 + (pitch / 2 pi r)^2), 1.11 at r =
// 0.15, and its centre is left out; all others' by 1 at most.
TEST(Shapes10, OutlinesAreSignedDistances) {
    for (int label = 0; label < 10; ++label) {
        SCOPED_TRACE(shapes10_classes()[static_cast<std::size_t>(label)]);
        constexpr double step = 1e-3;
        int places = 0, inside = 0;
        double steepest = 0;
        for (double u = -1.5; u < 1.5; u += 0.0313)
            for (double v = -1.5; v < 1.5; v += 0.0317) {
                const double d = shapes10_distance(label, u, v);
                ++places;
                if (d < 0) ++inside;
                EXPECT_TRUE(d >= 0 || std::hypot(u, v) < 1.15) << u << " " << v;
                if (std::hypot(u, v) < 0.15) continue;
                steepest = std::max(steepest, std::abs(shapes10_distance(label, u + step, v) - d) / step);
                steepest = std::max(steepest, std::abs(shapes10_distance(label, u, v + step) - d) / step);
            }
        EXPECT_LT(steepest, label == 9 ? 1.12 : 1.0001);
        // The unit circle covers pi / 9 = 35 % of the square.
        EXPECT_GT(inside, 0.10 * places);
        EXPECT_LT(inside, 0.33 * places);
    }
}

}  // namespace
}  // namespace cairn::data
