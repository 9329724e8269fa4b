#include "cairn/core/host_allocator.h"

#include "cairn/core/error.h"
#include "cairn/core/tensor.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

namespace cairn {
namespace {

using test::error_message;

// Catches a training step that goes to the system for memory: after the first round, the same sizes come from the
// cache.
TEST(HostAllocator, ASteadyStateAsksTheSystemForNothing) {
    HostAllocator allocator(Device::cpu());
    const auto step = [&] {
        std::vector<Block> blocks;
        for (const std::size_t bytes : {12u, 4'000u, 786'432u, 4'000u, 3'146'000u})
            blocks.push_back(allocator.allocate(bytes));
        for (const Block& block : blocks) allocator.release(block);
    };
    step();
    const MemoryStats first = allocator.stats();
    EXPECT_EQ(first.system_allocations, 5u);
    EXPECT_EQ(first.in_use, 0u);
    for (int i = 0; i < 20; ++i) step();
    EXPECT_EQ(allocator.stats().system_allocations, first.system_allocations);
    EXPECT_EQ(allocator.stats().reserved, first.reserved);
    EXPECT_EQ(allocator.stats().peak_in_use, first.peak_in_use);
}

// Catches blocks of one class handed out for another, which would be too small or waste without bound.
TEST(HostAllocator, ASizeClassWastesAtMostAnEighth) {
    std::size_t previous = 0;
    for (std::size_t bytes = 0; bytes < 70'000; ++bytes) {
        const std::size_t size = HostAllocator::size_class(bytes);
        ASSERT_GE(size, bytes);
        ASSERT_GE(size, previous) << bytes;  // a larger request never gets a smaller block
        ASSERT_EQ(size % HostAllocator::alignment, 0u) << bytes;
        // Below 8 * 64 bytes the alignment, not the eighth, decides.
        ASSERT_LE(size - bytes, std::max(bytes / 8, HostAllocator::alignment)) << bytes;
        ASSERT_EQ(HostAllocator::size_class(size), size) << bytes;
        previous = size;
    }
    for (int power = 17; power < 40; ++power)
        for (const std::size_t bytes :
             {(std::size_t{1} << power) - 1, std::size_t{1} << power, (std::size_t{1} << power) + 1}) {
            EXPECT_GE(HostAllocator::size_class(bytes), bytes);
            EXPECT_LE(HostAllocator::size_class(bytes) - bytes, bytes / 8) << bytes;
        }
}

// Catches blocks that a vector instruction with aligned access could not use.
TEST(HostAllocator, BlocksAreAlignedAndDoNotOverlap) {
    HostAllocator allocator(Device::cpu());
    std::vector<Block> blocks;
    for (std::size_t bytes = 0; bytes < 3000; bytes += 37) {
        const Block block = allocator.allocate(bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.host) % HostAllocator::alignment, 0u);
        EXPECT_GE(block.bytes, bytes);
        for (const Block& other : blocks)
            EXPECT_TRUE(block.host + block.bytes <= other.host || other.host + other.bytes <= block.host);
        blocks.push_back(block);
    }
    for (const Block& block : blocks) allocator.release(block);
}

// Catches counters that drift: in_use must return to zero and the peak must stay.
TEST(HostAllocator, CountsWhatIsInUse) {
    HostAllocator allocator(Device::cpu());
    const Block a = allocator.allocate(1024);
    const Block b = allocator.allocate(2048);
    EXPECT_EQ(allocator.stats().in_use, 3072u);
    allocator.release(a);
    EXPECT_EQ(allocator.stats().in_use, 2048u);
    const Block c = allocator.allocate(1000);  // the same class as a: comes from the cache
    EXPECT_EQ(c.host, a.host);
    allocator.release(b);
    allocator.release(c);
    allocator.release(allocator.allocate(1000));  // less than there was in use before
    const MemoryStats stats = allocator.stats();
    EXPECT_EQ(stats.in_use, 0u);
    EXPECT_EQ(stats.peak_in_use, 3072u);
    EXPECT_EQ(stats.reserved, 3072u);
    EXPECT_EQ(stats.system_allocations, 2u);
}

// Catches a copy that ignores its offset or writes beyond its end.
TEST(HostAllocator, UploadAndDownloadAtAnOffset) {
    HostAllocator allocator(Device::cpu());
    const Block block = allocator.allocate(8);
    const char zeros[8] = {}, text[] = {'a', 'b', 'c'};
    allocator.upload(block, 0, zeros, 8);
    allocator.upload(block, 2, text, 3);
    std::string all(8, '?');
    allocator.download(block, 0, all.data(), 8);
    EXPECT_EQ(all, std::string("\0\0abc\0\0\0", 8));
    std::string part(2, '?');
    allocator.download(block, 3, part.data(), 2);
    EXPECT_EQ(part, "bc");
    allocator.release(block);
}

// Catches an unlocked cache: two threads would be given the same block. Here the clash shows by chance, with
// -fsanitize=thread always.
TEST(HostAllocator, ThreadsNeverShareABlock) {
    HostAllocator allocator(Device::cpu());
    std::atomic<int> clashes = 0, started = 0;
    const auto work = [&](std::byte mark) {
        ++started;
        while (started < 2) std::this_thread::yield();
        std::array<Block, 8> blocks;
        for (int i = 0; i < 20'000; ++i) {
            for (Block& block : blocks) {
                block = allocator.allocate(64);
                *block.host = mark;
            }
            for (const Block& block : blocks) {
                clashes += *block.host != mark;
                allocator.release(block);
            }
        }
    };
    std::thread first(work, std::byte{1}), second(work, std::byte{2});
    first.join();
    second.join();
    EXPECT_EQ(clashes, 0);
    EXPECT_EQ(allocator.stats().in_use, 0u);
    EXPECT_LE(allocator.stats().system_allocations, 16u);
}

// Catches std::bad_alloc without a word about what to do.
TEST(HostAllocator, ExhaustedMemoryIsAnErrorWithARemedy) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the address sanitizer ends the program when memory is exhausted";
#endif
    HostAllocator allocator(Device::cpu());
    const std::string message = error_message([&] { allocator.allocate(std::size_t{1} << 60); });
    EXPECT_NE(message.find("out of memory: 1152921504606846976 bytes"), std::string::npos) << message;
    EXPECT_NE(message.find("use a smaller batch"), std::string::npos) << message;
    EXPECT_EQ(allocator.stats().in_use, 0u);
    EXPECT_EQ(allocator.stats().reserved, 0u);
}

}  // namespace
}  // namespace cairn
