// MemoryPool: ranges of a few large blocks of memory. Vulkan allows few allocations and each is slow, so blocks of 64 MiB
// and more (of staging memory 8 MiB) are asked for, cut from the front, and released ranges are kept by size class and handed out again: a
// steady-state step asks the system for nothing. A range that is released may still be in use by commands in flight; that
// is well, since the hazard tracker orders its next use after them.
#pragma once

#include "cairn/backend/vulkan/gpu.h"
#include "cairn/core/allocator.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace cairn::vulkan {

// One allocation from the driver, with a buffer over all of it.
struct MemoryBlock {
    VkBuffer buffer = VK_NULL_HANDLE;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    std::byte* mapped = nullptr;  // where the host sees it
    std::size_t size = 0;
    std::size_t cut = 0;   // bytes handed out at least once
    std::size_t live = 0;  // ranges in use
};

class MemoryPool {
public:
    enum class Kind { device, upload, download };  // the latter two are seen by the host, download through its cache

    MemoryPool(const Gpu& gpu, Kind kind) : gpu_(gpu), kind_(kind) {}
    ~MemoryPool();
    MemoryPool(const MemoryPool&) = delete;
    MemoryPool& operator=(const MemoryPool&) = delete;

    // A range whose Block::handle is a MemoryBlock*; nothing when memory is exhausted.
    std::optional<Block> allocate(std::size_t bytes);
    void release(const Block& range) noexcept;
    // Gives the blocks without a range in use back to the system. The caller has waited for the commands in flight.
    void trim();

    const MemoryStats& stats() const { return stats_; }
    // No more than this from the system, to try out what happens when memory is exhausted.
    void limit(std::size_t bytes) { limit_ = bytes; }

    static constexpr std::size_t alignment =
        256;  // no device asks for more (limits of minStorageBufferOffsetAlignment)

private:
    MemoryBlock* new_block(std::size_t size);  // nullptr when memory is exhausted
    MemoryBlock* block_with_room(std::size_t size);

    const Gpu& gpu_;
    Kind kind_;
    std::vector<std::unique_ptr<MemoryBlock>> blocks_;
    std::map<std::size_t, std::vector<Block>> free_;  // size class -> ranges that wait for reuse
    MemoryStats stats_;
    std::size_t limit_ = SIZE_MAX;
};

}  // namespace cairn::vulkan
