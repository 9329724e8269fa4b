#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

const RandomKey key{5, stream_of(Purpose::dropout), 0};

Tensor ones(std::int64_t n) { return full({n}, 1, DType::float64, Device::cpu()); }

// An inverted mask, a forgotten scale, or a rate that is taken for the share to keep.
TEST(Dropout, DropsTheRateAndScalesTheRest) {
    const std::int64_t n = 20000;
    for (const double rate : {0.1, 0.25, 0.5, 0.9}) {
        std::int64_t dropped = 0;
        for (const double y : numbers(ops::dropout(ones(n), rate, key))) {
            if (y == 0) ++dropped;
            else EXPECT_DOUBLE_EQ(y, 1 / (1 - rate));
        }
        // Binomial: 5 standard deviations. The key is fixed, so this does not change from run to run.
        const double deviation = std::sqrt(static_cast<double>(n) * rate * (1 - rate));
        EXPECT_NEAR(static_cast<double>(dropped), static_cast<double>(n) * rate, 5 * deviation) << rate;
    }
}

// Backward draws the mask again: if it drew another one, kept elements would get no gradient.
TEST(Dropout, BackwardUsesTheSameMask) {
    const Tensor x = autograd::variable(ones(1000));
    const Tensor y = ops::dropout(x, 0.5, key);
    const std::vector<double> values = numbers(y);
    autograd::backward(y, ones(1000));
    EXPECT_EQ(numbers(autograd::gradient(x)), values);
}

TEST(Dropout, OtherKeysGiveOtherMasks) {
    const std::vector<double> first = numbers(ops::dropout(ones(100), 0.5, key));
    EXPECT_EQ(numbers(ops::dropout(ones(100), 0.5, key)), first);
    EXPECT_NE(numbers(ops::dropout(ones(100), 0.5, {key.seed + 1, key.stream, key.step})), first);
    EXPECT_NE(numbers(ops::dropout(ones(100), 0.5, {key.seed, key.stream + 1, key.step})), first);
    EXPECT_NE(numbers(ops::dropout(ones(100), 0.5, {key.seed, key.stream, key.step + 1})), first);
}

TEST(Dropout, Rates) {
    const Tensor x = ones(4);
    EXPECT_TRUE(ops::dropout(x, 0, key).same_memory(x)) << "a rate of 0 needs no work";
    // So close to 1 that the threshold rounds to 2^32: everything goes, nothing wraps around.
    EXPECT_EQ(numbers(ops::dropout(x, 1 - 1e-12, key)), (std::vector<double>{0, 0, 0, 0}));
    EXPECT_EQ(error_message([&] { ops::dropout(x, 1, key); }),
              "dropout: the rate 1 must be at least 0 and less than 1");
    EXPECT_EQ(error_message([&] { ops::dropout(x, -0.5, key); }),
              "dropout: the rate -0.5 must be at least 0 and less than 1");
    EXPECT_EQ(error_message([&] { ops::dropout(x, std::nan(""), key); }),
              "dropout: the rate nan must be at least 0 and less than 1");
}

}  // namespace
}  // namespace cairn::test
