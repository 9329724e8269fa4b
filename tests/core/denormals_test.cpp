#include "cairn/core/denormals.h"

#include "cairn/core/parallel.h"

#include <gtest/gtest.h>

#include <limits>

namespace cairn {
namespace {

// A product that is a denormal number; volatile, so that it is computed here and now.
float tiny_product() {
    volatile float smallest = std::numeric_limits<float>::min();
    return smallest * 0.5f;
}

// Catches a guard that does nothing, which shows in training only as a step that is ten times slower, and one that
// leaves its caller's arithmetic changed.
TEST(FlushDenormals, FlushesWhileItLives) {
    EXPECT_GT(tiny_product(), 0.0f);
    {
        const FlushDenormals guard;
        EXPECT_EQ(tiny_product(), 0.0f);
    }
    EXPECT_GT(tiny_product(), 0.0f);
}

TEST(FlushDenormals, HoldsInEveryPartOfAParallelLoop) {
    const int before = threads();
    for (const int count : {1, 3}) {
        set_threads(count);
        float results[3] = {1, 1, 1};
        parallel_for(3, 1, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t i = begin; i < end; ++i) results[i] = tiny_product();
        });
        for (const float result : results) EXPECT_EQ(result, 0.0f) << count << " threads";
    }
    set_threads(before);
    EXPECT_GT(tiny_product(), 0.0f);
}

}  // namespace
}  // namespace cairn
