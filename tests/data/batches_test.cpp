#include "cairn/data/batches.h"

#include "cairn/core/random.h"
#include "data/tiny_split.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::data {
namespace {

// Catches a lost remainder, an empty batch at the end and a rounding error at exact multiples.
TEST(Batches, LastBatchHoldsTheRemainder) {
    const struct {
        std::int64_t images, batch_size, count, last;
    } cases[] = {{10, 4, 3, 2}, {8, 4, 2, 4}, {3, 4, 1, 3}, {5, 1, 5, 1}};
    for (const auto& [images, batch_size, count, last] : cases) {
        const Dataset dataset = tiny_dataset(images, 1);
        const Batches batches(dataset, batch_size);
        EXPECT_EQ(batches.count(), count);
        EXPECT_EQ(batches.size_of(0), std::min(images, batch_size));
        EXPECT_EQ(batches.size_of(count - 1), last);
    }
}

// Catches a shuffle that repeats or leaves out images, one that is the same in every epoch or for every seed, and one
// that cannot be repeated.
TEST(Batches, EveryEpochIsAnotherPermutation) {
    const Dataset dataset = tiny_dataset(100, 1);
    const std::vector<std::uint32_t> in_order = Batches(dataset, 8).order();
    std::vector<std::vector<std::uint32_t>> orders{in_order};
    for (const auto& [seed, epoch] : {std::pair{0u, 0u}, {0u, 1u}, {1u, 0u}, {1u, 1u}}) {
        const std::vector<std::uint32_t> order = Batches(dataset, 8, seed, epoch).order();
        EXPECT_EQ(std::ranges::count(orders, order), 0) << "seed " << seed << ", epoch " << epoch;
        EXPECT_TRUE(std::ranges::is_permutation(order, in_order));
        EXPECT_EQ(Batches(dataset, 32, seed, epoch).order(), order);
        orders.push_back(order);
    }
    EXPECT_TRUE(std::ranges::is_sorted(in_order));
}

// The order that a seed gives is that of this stream, of a purpose that no other draw has.
TEST(Batches, AreShuffledByTheirOwnStream) {
    RandomStream random({4, stream_of(Purpose::shuffle), 6});
    EXPECT_EQ(Batches(tiny_dataset(50, 1), 8, 4, 6).order(), random.permutation(50));
}

// Catches images and labels that part ways, a batch that starts at the wrong image, writing beyond a small last batch,
// and state: the batches are gathered backwards.
TEST(Batches, GatherCopiesTheRightImages) {
    const Dataset dataset = tiny_dataset(21, 1);
    const Batches batches(dataset, 8, 5, 2);
    for (std::int64_t batch = batches.count() - 1; batch >= 0; --batch) {
        const auto size = static_cast<std::size_t>(batches.size_of(batch));
        std::vector<std::uint8_t> images(8 * 3072 + 1, 77);
        std::vector<std::int32_t> labels(9, 77);
        batches.gather(batch, images.data(), labels.data());
        for (std::size_t i = 0; i < size; ++i) {
            const std::uint32_t from = batches.order()[static_cast<std::size_t>(batch) * 8 + i];
            EXPECT_TRUE(std::ranges::equal(dataset.image(from), std::span(images).subspan(i * 3072, 3072)));
            EXPECT_EQ(labels[i], dataset.labels[from]);
        }
        EXPECT_EQ(labels[size], 77);
        EXPECT_EQ(std::ranges::count(std::span(images).subspan(size * 3072), 77),
                  static_cast<std::ptrdiff_t>((8 - size) * 3072 + 1));
    }
}

TEST(Batches, ImpossibleRequestsAreRefused) {
    const Dataset dataset = tiny_dataset(3, 1), none = tiny_dataset(0, 1);
    EXPECT_EQ(test::error_message([&] { Batches(dataset, 0); }), "the batch size must be at least 1, not 0");
    EXPECT_EQ(test::error_message([&] { Batches(none, 4); }), "the data set images10 has no images");
    EXPECT_THROW(Batches(dataset, 2).size_of(2), BugError);
}

}  // namespace
}  // namespace cairn::data
