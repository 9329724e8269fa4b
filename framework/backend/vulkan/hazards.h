// HazardTracker: which commands must wait for earlier ones. A GPU runs the commands of a queue at the same time unless a
// barrier stands between them. One is needed before a command that
//   reads what was written    writes what was read    writes what was written
// since the last barrier. The barriers are global (all of memory), so each one settles everything before it, in earlier
// submissions too; hence one tracker goes on across submissions. Tensors share a few large blocks of memory and the
// pool hands ranges out again, so a use is a range of bytes in a block. Nothing here knows Vulkan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace cairn::vulkan {

struct MemoryUse {
    const void* block;
    std::size_t begin, end;  // bytes
    bool writes;             // it may read as well
};

class HazardTracker {
public:
    // Must a barrier stand before a command that uses memory so? Takes note of the command, and of the barrier.
    bool needs_barrier(std::span<const MemoryUse> uses);

private:
    void clear() {
        blocks_.clear();
        pending_ = 0;
    }
    bool conflicts(const MemoryUse& use) const;

    // The uses since the last barrier.
    std::unordered_map<const void*, std::vector<MemoryUse>> blocks_;
    std::size_t pending_ = 0;
};

}  // namespace cairn::vulkan
