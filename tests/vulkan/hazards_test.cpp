// The hazard tracker alone. Software drivers run commands one after the other and hide its mistakes, so every rule has a
// case of its own here.
#include "cairn/backend/vulkan/hazards.h"

#include <gtest/gtest.h>

#include <array>

namespace cairn::vulkan {
namespace {

const int block_a = 0, block_b = 0;

MemoryUse reads(std::size_t begin, std::size_t end, const void* block = &block_a) { return {block, begin, end, false}; }
MemoryUse writes(std::size_t begin, std::size_t end, const void* block = &block_a) { return {block, begin, end, true}; }

// Does a command that uses memory as `second` need a barrier after one that used it as `first`?
bool conflict(const MemoryUse& first, const MemoryUse& second) {
    HazardTracker tracker;
    EXPECT_FALSE(tracker.needs_barrier(std::array{first}));
    return tracker.needs_barrier(std::array{second});
}

TEST(Hazards, WhatWasWrittenMustNotBeReadOrWrittenWithoutABarrier) {
    EXPECT_TRUE(conflict(writes(0, 64), reads(0, 64)));
    EXPECT_TRUE(conflict(writes(0, 64), writes(0, 64)));
    EXPECT_TRUE(conflict(reads(0, 64), writes(0, 64)));
    EXPECT_FALSE(conflict(reads(0, 64), reads(0, 64)));
}

// Ranges end where the next begins: one byte too many makes barriers where there need be none, one too few loses them.
TEST(Hazards, OnlyRangesThatOverlapInABlockConflict) {
    EXPECT_FALSE(conflict(writes(0, 64), reads(64, 128)));
    EXPECT_FALSE(conflict(writes(64, 128), reads(0, 64)));
    EXPECT_TRUE(conflict(writes(0, 65), reads(64, 128)));
    EXPECT_TRUE(conflict(writes(0, 256), reads(64, 128)));  // around it
    EXPECT_TRUE(conflict(writes(64, 128), reads(0, 256)));  // inside of it
    EXPECT_FALSE(conflict(writes(0, 64), reads(0, 64, &block_b)));
}

TEST(Hazards, EveryUseOfACommandCounts) {
    HazardTracker tracker;
    EXPECT_FALSE(tracker.needs_barrier(std::array{reads(0, 64), writes(64, 128)}));
    EXPECT_FALSE(tracker.needs_barrier(std::array{reads(0, 64), writes(128, 192)}));
    EXPECT_TRUE(tracker.needs_barrier(std::array{reads(192, 256), reads(64, 128)}));
}

// A command may read and write the same range: that is no conflict with itself.
TEST(Hazards, ACommandDoesNotWaitForItself) {
    HazardTracker tracker;
    EXPECT_FALSE(tracker.needs_barrier(std::array{reads(0, 64), writes(0, 64)}));
}

// A barrier settles everything before it, but not the command that stands behind it.
TEST(Hazards, ABarrierSettlesWhatCameBefore) {
    HazardTracker tracker;
    tracker.needs_barrier(std::array{writes(0, 64)});
    tracker.needs_barrier(std::array{writes(64, 128)});
    EXPECT_TRUE(tracker.needs_barrier(std::array{reads(0, 64), writes(128, 192)}));
    EXPECT_FALSE(tracker.needs_barrier(std::array{reads(64, 128)}));
    EXPECT_TRUE(tracker.needs_barrier(std::array{reads(128, 192)}));
}

// Not two uses in a row, but one far behind.
TEST(Hazards, EarlierUsesAreNotForgotten) {
    HazardTracker tracker;
    tracker.needs_barrier(std::array{writes(0, 64)});
    for (std::size_t k = 1; k < 100; ++k) EXPECT_FALSE(tracker.needs_barrier(std::array{writes(64 * k, 64 * k + 64)}));
    EXPECT_TRUE(tracker.needs_barrier(std::array{reads(0, 4)}));
}

// The tracker compares with a bounded number of uses: past that it asks for a barrier, never for none.
TEST(Hazards, ManyUsesEndInABarrierRatherThanInNone) {
    HazardTracker tracker;
    bool barrier = false;
    for (std::size_t k = 0; k < 2000 && !barrier; ++k)
        barrier = tracker.needs_barrier(std::array{reads(64 * k, 64 * k + 64)});
    EXPECT_TRUE(barrier);
}

}  // namespace
}  // namespace cairn::vulkan
