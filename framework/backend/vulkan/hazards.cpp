#include "cairn/backend/vulkan/hazards.h"

#include <algorithm>

namespace cairn::vulkan {

namespace {

// So many uses are compared one by one; past that a barrier costs less than to compare them.
constexpr std::size_t max_pending = 512;

}  // namespace

bool HazardTracker::conflicts(const MemoryUse& use) const {
    const auto block = blocks_.find(use.block);
    if (block == blocks_.end()) return false;
    return std::any_of(block->second.begin(), block->second.end(), [&](const MemoryUse& earlier) {
        return (use.writes || earlier.writes) && use.begin < earlier.end && earlier.begin < use.end;
    });
}

bool HazardTracker::needs_barrier(std::span<const MemoryUse> uses) {
    const bool barrier = pending_ > max_pending ||
                         std::any_of(uses.begin(), uses.end(), [&](const MemoryUse& use) { return conflicts(use); });
    if (barrier) clear();
    for (const MemoryUse& use : uses) blocks_[use.block].push_back(use);
    pending_ += uses.size();
    return barrier;
}

}  // namespace cairn::vulkan
