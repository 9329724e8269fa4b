#include "cairn/data/statistics.h"

#include "cairn/data/cifar10.h"
#include "data/tiny_split.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::data {
namespace {

// Catches channels that are mixed up, a wrong divisor and a variance of the wrong mean. Two images: one black, one with
// red 255 and green 51 everywhere, so red has mean 1/2 and deviation 1/2, green 1/10 and 1/10, blue 0 and 0.
TEST(Statistics, OfTwoPlainImages) {
    Dataset dataset = tiny_dataset(2, 0);
    dataset.labels = {3, 3};
    for (std::size_t i = 0; i < dataset.images.size(); ++i) {
        const std::uint8_t value[] = {255, 51, 0};
        dataset.images[i] = i < 3072 ? 0 : value[i % 3];
    }
    const Statistics result = statistics(dataset);
    const double expected[] = {0.5, 0.1, 0.0};
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(result.mean[c], expected[c], 1e-15);
        EXPECT_NEAR(result.deviation[c], expected[c], 1e-15);
    }
    EXPECT_EQ(result.images, 2);
    EXPECT_EQ(result.per_class, (std::vector<std::int64_t>{0, 0, 0, 2, 0, 0, 0, 0, 0, 0}));
}

// Catches a division by zero.
TEST(Statistics, OfNoImages) { EXPECT_EQ(statistics(tiny_dataset(0, 0)).mean[0], 0.0); }

// Catches grey pixels that are taken for three channels: half of them are 0, half 102, so mean and deviation are 0.2.
TEST(Statistics, OfGreyImages) {
    const Dataset grey{.name = "grey",
                       .classes = {"a", "b"},
                       .image_shape = {2, 1, 1},
                       .images = {0, 102, 102, 0, 0, 102},
                       .labels = {1, 1, 0}};
    const Statistics result = statistics(grey);
    ASSERT_EQ(result.mean.size(), 1u);
    EXPECT_NEAR(result.mean[0], 0.2, 1e-15);
    EXPECT_NEAR(result.deviation[0], 0.2, 1e-15);
    EXPECT_EQ(result.per_class, (std::vector<std::int64_t>{1, 2}));
}

// The means and deviations that are quoted for CIFAR-10's training set everywhere, to their four digits.
TEST(Statistics, OfCifar10) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    const Statistics result = statistics(load_cifar10(folder).train);
    const double mean[] = {0.4914, 0.4822, 0.4465}, deviation[] = {0.2470, 0.2435, 0.2616};
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(result.mean[c], mean[c], 5.1e-5);
        EXPECT_NEAR(result.deviation[c], deviation[c], 5.1e-5);
    }
}

}  // namespace
}  // namespace cairn::data
