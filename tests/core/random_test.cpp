// Statistics are judged at five standard deviations of the estimator, derived beside each bound; the seeds are fixed,
// so a test that passes once passes always.
#include "cairn/core/random.h"

#include "cairn/core/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace cairn {
namespace {

constexpr RandomKey test_key(std::uint32_t step = 0) {
    return {.seed = 1, .stream = stream_of(Purpose::test), .step = step};
}

// The known-answer vectors that the authors publish with their library: Random123, tests/kat_vectors, "philox4x32 10".
// Catches any wrong constant, word order or number of rounds.
TEST(Philox, KnownAnswers) {
    using Counter = std::array<std::uint32_t, 4>;
    struct Case {
        Counter counter;
        std::array<std::uint32_t, 2> key;
        Counter words;
    };
    const Case cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (const Case& c : cases) EXPECT_EQ(philox4x32(c.counter, c.key), c.words);
}

// Catches another layout of key and counter, or another use of the words: shaders compute the same numbers, and the
// weights of old runs must come out again. The words are philox4x32({block, step, stream, 0}, {low, high half of the
// seed}); all numbers come from a separate implementation in Python.
TEST(Random, LayoutOfKeyAndCounter) {
    const RandomKey key{.seed = 0x123456789abcdef0, .stream = stream_of(Purpose::test, 5), .step = 42};
    EXPECT_EQ(key.stream, 0x07000005u);
    const std::uint32_t words[] = {0x85afb38e, 0xd02628c7, 0xe6b4a4ea, 0xe5b35dd0,   // block 0
                                   0x1890360d, 0xd0451a13, 0x817b61a6, 0x415b1bd8};  // block 1
    RandomStream stream(key);
    for (const std::uint32_t word : words) EXPECT_EQ(stream.next(), word);
    EXPECT_EQ(random_block(key, 1)[2], words[6]);

    stream = RandomStream(key);
    EXPECT_EQ(stream.uniform(), 0.5222122073173523);
    stream = RandomStream(key);
    // Two C libraries may differ in the last bits of log and cos.
    EXPECT_NEAR(stream.normal(), 0.46921486426712145, 1e-14);
    EXPECT_NEAR(stream.normal(), 1.7186819228308898, 1e-14);
    stream = RandomStream(key);
    EXPECT_EQ(stream.below(1000), 494u);
    EXPECT_EQ(stream.below(1000), 735u);
    stream = RandomStream(key);
    EXPECT_EQ(stream.permutation(6), (std::vector<std::uint32_t>{4, 3, 1, 5, 0, 2}));
}

// Catches a key part that is ignored: draws would repeat for another seed, layer or step.
TEST(Random, StreamsDiffer) {
    const std::uint64_t high = std::uint64_t{1} << 32;
    const RandomKey keys[] = {
        {.seed = 0, .stream = stream_of(Purpose::dropout, 0), .step = 0},
        {.seed = 1, .stream = stream_of(Purpose::dropout, 0), .step = 0},
        {.seed = high, .stream = stream_of(Purpose::dropout, 0), .step = 0},
        {.seed = 0, .stream = stream_of(Purpose::dropout, 1), .step = 0},
        {.seed = 0, .stream = stream_of(Purpose::shuffle, 0), .step = 0},
        {.seed = 0, .stream = stream_of(Purpose::dropout, 0), .step = 1},
    };
    // Among 6 * 256 random words, two are equal with probability 1536^2 / 2 / 2^32 = 0.0003.
    std::map<std::uint32_t, int> seen;
    for (const RandomKey& key : keys) {
        RandomStream stream(key);
        for (int i = 0; i < 256; ++i) ++seen[stream.next()];
    }
    EXPECT_EQ(seen.size(), 6u * 256u);
}

// Catches a uniform that can be 1 (a logarithm of 1 - u would be infinite) or is not exact in float32.
TEST(Random, ToUniformCoversZeroToOne) {
    EXPECT_EQ(to_uniform(0), 0.0);
    EXPECT_EQ(to_uniform(255), 0.0);
    EXPECT_EQ(to_uniform(256), std::ldexp(1.0, -24));
    EXPECT_EQ(to_uniform(0x80000000), 0.5);
    EXPECT_EQ(to_uniform(0xffffffff), 1 - std::ldexp(1.0, -24));
    EXPECT_EQ(static_cast<double>(static_cast<float>(to_uniform(0xffffffff))), to_uniform(0xffffffff));
}

TEST(Random, UniformHasTheRightRangeMeanAndVariance) {
    constexpr int n = 100'000;
    RandomStream stream(test_key());
    double sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
        const double u = stream.uniform(-2, 4);
        ASSERT_TRUE(u >= -2 && u < 4) << u;
        sum += u;
        squares += (u - 1) * (u - 1);
    }
    // Width 6: mean 1, variance 36/12 = 3; E[(u - 1)^4] = 3^4/5, so (u - 1)^2 has the variance 81/5 - 9 = 7.2.
    EXPECT_NEAR(sum / n, 1.0, 5 * std::sqrt(3.0 / n));
    EXPECT_NEAR(squares / n, 3.0, 5 * std::sqrt(7.2 / n));
}

// Catches a wrong factor in Box and Muller's formula, and tails that are cut off.
TEST(Random, NormalHasTheRightMoments) {
    constexpr int n = 100'000;
    RandomStream stream(test_key());
    double sum = 0, squares = 0, fourth = 0;
    int inside = 0;
    for (int i = 0; i < n; ++i) {
        const double x = stream.normal();
        ASSERT_TRUE(std::isfinite(x));
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
        inside += std::abs(x) < 1;
    }
    // Moments of a standard normal: E x = 0, E x^2 = 1, E x^4 = 3, E x^8 = 105. So x^2 has the variance 3 - 1, x^4 has
    // 105 - 9. |x| < 1 happens with p = erf(1/sqrt 2).
    const double p = std::erf(1 / std::sqrt(2.0));
    EXPECT_NEAR(sum / n, 0.0, 5 * std::sqrt(1.0 / n));
    EXPECT_NEAR(squares / n, 1.0, 5 * std::sqrt(2.0 / n));
    EXPECT_NEAR(fourth / n, 3.0, 5 * std::sqrt(96.0 / n));
    EXPECT_NEAR(static_cast<double>(inside) / n, p, 5 * std::sqrt(p * (1 - p) / n));
}

// Catches a plain remainder. With limit = 3 * 2^30 it would give a quarter of the values twice as often: P(value <
// 2^30) would be 1/2 instead of 1/3.
TEST(Random, BelowIsUnbiased) {
    constexpr int n = 10'000;
    RandomStream stream(test_key());
    int low = 0;
    for (int i = 0; i < n; ++i) {
        const std::uint32_t value = stream.below(3u << 30);
        ASSERT_LT(value, 3u << 30);
        low += value < (1u << 30);
    }
    EXPECT_NEAR(low, n / 3.0, 5 * std::sqrt(n * 1 / 3.0 * 2 / 3.0));
}

// Catches a value that never comes, such as the last one.
TEST(Random, BelowReachesEveryValueEquallyOften) {
    constexpr int n = 60'000;
    RandomStream stream(test_key());
    std::array<int, 6> counts{};
    for (int i = 0; i < n; ++i) ++counts[stream.below(6)];
    for (const int count : counts) EXPECT_NEAR(count, n / 6.0, 5 * std::sqrt(n * 1 / 6.0 * 5 / 6.0));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.below(1), 0u);
    EXPECT_THROW(stream.below(0), BugError);
}

// Catches an index that is lost or comes twice.
TEST(Random, PermutationHoldsEachIndexOnce) {
    for (const std::uint32_t n : {0u, 1u, 2u, 10u, 1000u}) {
        RandomStream stream(test_key(n));
        std::vector<std::uint32_t> order = stream.permutation(n), expected(n);
        std::iota(expected.begin(), expected.end(), 0u);
        if (n == 1000) {
            EXPECT_NE(order, expected) << "nothing was shuffled";
        }
        std::sort(order.begin(), order.end());
        EXPECT_EQ(order, expected);
    }
}

// Catches the well-known wrong shuffle that draws from all n at every step: it favours some orders of three (5/27 to
// 4/27).
TEST(Random, EveryOrderIsEquallyLikely) {
    constexpr int n = 60'000;
    RandomStream stream(test_key());
    std::map<std::vector<std::uint32_t>, int> counts;
    for (int i = 0; i < n; ++i) ++counts[stream.permutation(3)];
    ASSERT_EQ(counts.size(), 6u);
    for (const auto& [order, count] : counts) EXPECT_NEAR(count, n / 6.0, 5 * std::sqrt(n * 1 / 6.0 * 5 / 6.0));
}

}  // namespace
}  // namespace cairn
