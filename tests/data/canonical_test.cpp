#include "cairn/data/canonical.h"

#include "cairn/core/parallel.h"
#include "data/tiny_split.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::data {
namespace {

// The same records, the last first.
Dataset reversed(const Dataset& dataset) {
    Dataset result = dataset.first(0);
    for (std::int64_t i = dataset.size() - 1; i >= 0; --i) {
        std::ranges::copy(dataset.image(i), std::back_inserter(result.images));
        result.labels.push_back(dataset.labels[static_cast<std::size_t>(i)]);
    }
    return result;
}

// Catches labels that do not travel with their images, and an order that depends on where the records stood.
TEST(Canonical, OrderDependsOnContentAlone) {
    const Dataset dataset = tiny_dataset(500, 3);
    Dataset other = reversed(dataset);
    ASSERT_NE(content_hash(other), content_hash(dataset));
    sort_canonically(other);
    EXPECT_EQ(other.images, dataset.images);
    EXPECT_EQ(other.labels, dataset.labels);
}

// Catches a hash that skips a byte or the label: records that differ there alone would stand in the order of the files.
TEST(Canonical, HashSeesEveryByteAndTheLabel) {
    std::vector<std::uint8_t> image(27);  // three words and three single bytes
    const std::uint64_t before = record_hash(image, 3);
    EXPECT_NE(record_hash(image, 4), before);
    for (std::uint8_t& byte : image) {
        byte ^= 1;
        EXPECT_NE(record_hash(image, 3), before) << &byte - image.data();
        byte ^= 1;
    }
}

// Catches an order that follows the label: the first N images must be a fair sample. 300 labels of 10 equally frequent
// classes drawn from 1,000 put 30 into each, with a standard deviation of sqrt(300 * 0.1 * 0.9 * 0.7) = 4.3; 20 to 40
// is 2.3 of them either way for each of ten classes, and the data is fixed.
TEST(Canonical, FirstRecordsAreOfAllClasses) {
    const Dataset part = tiny_dataset(1000, 4).first(300);
    for (int label = 0; label < 10; ++label) {
        const auto count = std::ranges::count(part.labels, label);
        EXPECT_TRUE(count >= 18 && count <= 42) << "class " << label << ": " << count;
    }
}

// Catches first(n) that keeps too much, and one that reads beyond the end.
TEST(Dataset, FirstTakesAtMostWhatThereIs) {
    const Dataset dataset = tiny_dataset(12, 5);
    for (const auto& [n, size] : {std::pair{0, 0}, {5, 5}, {12, 12}, {99, 12}}) {
        const Dataset part = dataset.first(n);
        EXPECT_EQ(part.size(), size);
        EXPECT_TRUE(std::ranges::equal(part.images, std::span(dataset.images).first(part.images.size())));
        EXPECT_EQ(part.images.size(), static_cast<std::size_t>(size * 3072));
        EXPECT_EQ(part.classes, dataset.classes);
    }
}

}  // namespace
}  // namespace cairn::data
