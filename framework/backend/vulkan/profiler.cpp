#include "cairn/backend/vulkan/profiler.h"

#include <algorithm>

namespace cairn::vulkan {

Profiler::~Profiler() {
    for (const Slot& slot : slots_)
        if (slot.queries != VK_NULL_HANDLE) gpu_.vk.DestroyQueryPool(gpu_.handle, slot.queries, nullptr);
}

void Profiler::start(ProfileDetail detail) {
    detail_ = detail == ProfileDetail::kernel_times && gpu_.timestamp_bits == 0 ? ProfileDetail::counts : detail;
    counts = {};
    kernels_.clear();
    for (Slot& slot : slots_) {
        if (!times_kernels() || slot.queries != VK_NULL_HANDLE) continue;
        auto info = structure<VkQueryPoolCreateInfo>(VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO);
        info.queryType = VK_QUERY_TYPE_TIMESTAMP;
        info.queryCount = 2 * max_commands;
        succeeded(gpu_.vk.CreateQueryPool(gpu_.handle, &info, nullptr, &slot.queries), "vkCreateQueryPool");
    }
}

DeviceProfile Profiler::finish() {
    detail_ = ProfileDetail::none;
    DeviceProfile profile = std::move(counts);
    for (auto& [name, kernel] : kernels_) profile.kernels.push_back(kernel);
    std::sort(profile.kernels.begin(), profile.kernels.end(),
              [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
    counts = {};
    kernels_.clear();
    return profile;
}

void Profiler::begin_commands(std::size_t slot, VkCommandBuffer commands) {
    slots_[slot].names.clear();
    if (times_kernels()) gpu_.vk.CmdResetQueryPool(commands, slots_[slot].queries, 0, 2 * max_commands);
}

void Profiler::before(std::size_t slot, VkCommandBuffer commands, const char* name) {
    if (detail_ == ProfileDetail::none) return;
    slots_[slot].names.push_back(name);
    if (!times_kernels()) return;
    const auto query = static_cast<std::uint32_t>(2 * (slots_[slot].names.size() - 1));
    gpu_.vk.CmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, slots_[slot].queries, query);
}

void Profiler::after(std::size_t slot, VkCommandBuffer commands) {
    if (!times_kernels()) return;
    const auto query = static_cast<std::uint32_t>(2 * slots_[slot].names.size() - 1);
    gpu_.vk.CmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, slots_[slot].queries, query);
}

void Profiler::collect(std::size_t index) {
    Slot& slot = slots_[index];
    std::vector<std::uint64_t> ticks(2 * slot.names.size());
    if (times_kernels() && !ticks.empty())
        succeeded(gpu_.vk.GetQueryPoolResults(gpu_.handle, slot.queries, 0, static_cast<std::uint32_t>(ticks.size()),
                                              ticks.size() * sizeof ticks[0], ticks.data(), sizeof ticks[0],
                                              VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT),
                  "vkGetQueryPoolResults");
    const std::uint64_t valid = gpu_.timestamp_bits >= 64 ? ~0ull : (1ull << gpu_.timestamp_bits) - 1;
    for (std::size_t k = 0; k < slot.names.size(); ++k) {
        DeviceProfile::Kernel& kernel = kernels_[slot.names[k]];
        kernel.name = slot.names[k];
        ++kernel.dispatches;
        const std::uint64_t passed = (ticks[2 * k + 1] - ticks[2 * k]) & valid;  // they wrap around
        kernel.seconds += 1e-9 * static_cast<double>(gpu_.limits.timestampPeriod) * static_cast<double>(passed);
    }
    slot.names.clear();
}

}  // namespace cairn::vulkan
