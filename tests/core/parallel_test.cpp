#include "cairn/core/parallel.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn {
namespace {

using test::error_message;

struct Range {
    std::int64_t begin, end;
    int thread;
    bool operator==(const Range&) const = default;
};

// The parts that parallel_for makes of [0, n), by thread.
std::vector<Range> parts_of(std::int64_t n, std::int64_t grain) {
    std::mutex mutex;
    std::vector<Range> parts;
    parallel_for(n, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        const std::lock_guard lock(mutex);
        parts.push_back({begin, end, thread});
    });
    std::ranges::sort(parts, {}, &Range::thread);
    return parts;
}

// Sets the number of threads for each test and restores it.
class Parallel : public testing::Test {
protected:
    ~Parallel() override { set_threads(before); }
    const int before = threads();
};

// Catches an index that is left out or done twice, wherever n is not a multiple of the threads.
TEST_F(Parallel, ThePartsCoverEachIndexOnce) {
    for (const int count : {1, 2, 3, 5, 8}) {
        set_threads(count);
        for (const std::int64_t n : {0, 1, 2, 3, 7, 64, 100, 1001})
            for (const std::int64_t grain : {1, 3, 64, 5000}) {
                SCOPED_TRACE(fmt::format("n {} grain {} threads {}", n, grain, count));
                const std::vector<Range> parts = parts_of(n, grain);
                ASSERT_EQ(static_cast<int>(parts.size()), n == 0 ? 0 : threads_for(n, grain));
                ASSERT_LE(static_cast<int>(parts.size()), count);
                std::int64_t next = 0;
                for (std::size_t i = 0; i < parts.size(); ++i) {
                    EXPECT_EQ(parts[i].thread, static_cast<int>(i));
                    EXPECT_EQ(parts[i].begin, next);
                    EXPECT_GE(parts[i].end - parts[i].begin, std::min(grain, n))
                        << "a thread is not worth so little work";
                    next = parts[i].end;
                }
                EXPECT_EQ(next, n);
            }
    }
}

// Catches a schedule that depends on timing: sums over parts would then differ from run to run.
TEST_F(Parallel, ThePartitionIsTheSameEachTime) {
    set_threads(3);
    const std::vector<Range> expected = {{0, 33, 0}, {33, 66, 1}, {66, 100, 2}};
    for (int i = 0; i < 50; ++i) EXPECT_EQ(parts_of(100, 1), expected);
}

// Catches an exception that ends the program inside the parallel region, or that is lost.
TEST_F(Parallel, AnExceptionIsRethrown) {
    for (const int count : {1, 2, 4}) {
        set_threads(count);
        for (int failing = 0; failing < count; ++failing)
            EXPECT_EQ(error_message([&] {
                          parallel_for(100, 1, [&](std::int64_t, std::int64_t, int thread) {
                              if (thread == failing) fail("part {} failed", thread);
                          });
                      }),
                      fmt::format("part {} failed", failing));
        std::atomic<int> done = 0;
        parallel_for(100, 1, [&](std::int64_t begin, std::int64_t end, int) { done += static_cast<int>(end - begin); });
        EXPECT_EQ(done, 100) << "the loop after a failed one";
    }
}

// Catches threads within threads: a kernel that calls another kernel would start threads * threads of them.
TEST_F(Parallel, ANestedLoopRunsInItsOwnThread) {
    set_threads(2);
    std::atomic<int> sum = 0, elsewhere = 0, split = 0;
    parallel_for(2, 1, [&](std::int64_t, std::int64_t, int) {
        const std::thread::id outer = std::this_thread::get_id();
        split += threads_for(1000, 1) != 1;
        parallel_for(1000, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
            elsewhere += std::this_thread::get_id() != outer || thread != 0;
            sum += static_cast<int>(end - begin);
        });
    });
    EXPECT_EQ(sum, 2000);
    EXPECT_EQ(elsewhere, 0);
    EXPECT_EQ(split, 0);
}

// Catches a loop that stays in one thread whatever was asked.
TEST_F(Parallel, ThePartsRunInDifferentThreads) {
    set_threads(4);
    std::vector<std::thread::id> ids(4);
    parallel_for(4, 1, [&](std::int64_t, std::int64_t, int thread) {
        ids[static_cast<std::size_t>(thread)] = std::this_thread::get_id();
    });
    EXPECT_EQ(ids[0], std::this_thread::get_id()) << "part 0 belongs to the calling thread";
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(ids[i], ids[j]);
}

TEST_F(Parallel, TheNumberOfThreadsIsAtLeastOne) {
    EXPECT_GE(threads(), 1);
    EXPECT_EQ(error_message([] { set_threads(0); }), "the number of threads must be at least 1, not 0");
    EXPECT_EQ(threads(), before);
    set_threads(7);
    EXPECT_EQ(threads(), 7);
}

}  // namespace
}  // namespace cairn
