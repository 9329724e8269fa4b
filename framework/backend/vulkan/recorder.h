// Recorder: appends commands to the open command buffer, after the barriers that they need, and submits it. Nothing here
// waits for the GPU, but wait(), and the start of a command buffer while max_in_flight earlier ones are still running.
#pragma once

#include "cairn/backend/vulkan/hazards.h"
#include "cairn/backend/vulkan/memory_pool.h"
#include "cairn/backend/vulkan/profiler.h"

#include <array>
#include <chrono>

namespace cairn::vulkan {

// Bytes of a MemoryBlock.
struct Range {
    MemoryBlock* block = nullptr;
    std::size_t offset = 0, bytes = 0;

    MemoryUse use(bool writes) const { return {block, offset, offset + bytes, writes}; }
};

struct Dispatch {
    const char* name;  // for the profile
    VkPipeline pipeline;
    VkPipelineLayout layout;
    VkDescriptorSet set;
    std::array<std::uint32_t, 3> groups;
    const void* push;
    std::size_t push_bytes;
};

class Recorder {
public:
    // Submissions are numbered 1, 2, …: the value that the timeline semaphore has when they are done.
    using Submission = std::uint64_t;

    explicit Recorder(const Gpu& gpu);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // Returns whether it had to wait for a command before it.
    bool dispatch(const Dispatch& dispatch, std::span<const MemoryUse> uses);
    void copy(const Range& from, const Range& to);
    void fill(const Range& to, std::uint32_t word);
    // Keeps a range of a pool until the commands recorded so far are done.
    void release_after(MemoryPool& pool, const Block& range);

    // The number that the commands recorded next, or last, have or will have.
    Submission open() const { return submitted_ + 1; }
    void submit();
    bool finished(Submission submission) const;
    void wait(Submission submission);  // submits it if need be
    void synchronize();

    Profiler& profiler() { return profiler_; }
    // Leaves out every barrier: shows that the tests would notice one that is missing.
    void omit_barriers(bool omit) { omit_barriers_ = omit; }

private:
    static constexpr std::size_t max_in_flight = 3;
    static constexpr std::uint32_t max_commands = Profiler::max_commands;  // more are submitted before a step's end

    // A command buffer, used again and again, and what must live until it has run.
    struct Slot {
        VkCommandPool pool = VK_NULL_HANDLE;
        VkCommandBuffer commands = VK_NULL_HANDLE;
        Submission submission = 0;  // its last one
        std::vector<std::pair<MemoryPool*, Block>> kept;
    };

    Slot& slot() { return slots_[submitted_ % slots_.size()]; }
    // The open command buffer, ready for a command of this stage with these uses.
    VkCommandBuffer begin(const char* name, VkPipelineStageFlags stage, std::span<const MemoryUse> uses);
    void end();  // of a command
    void barrier();
    void retire(Slot& slot);

    const Gpu& gpu_;
    VkSemaphore timeline_ = VK_NULL_HANDLE;
    std::array<Slot, max_in_flight + 1> slots_;
    HazardTracker hazards_;
    Profiler profiler_;
    Submission submitted_ = 0;
    std::uint32_t commands_ = 0;                     // in the open command buffer
    VkPipelineStageFlags stages_since_barrier_ = 0;  // of the commands since the last one, in earlier submissions too
    bool recording_ = false;
    bool waited_ = false;  // the last command stands behind a barrier
    bool omit_barriers_ = false;
};

}  // namespace cairn::vulkan
