#include "cairn/backend/vulkan/recorder.h"

namespace cairn::vulkan {

namespace {

constexpr VkPipelineStageFlags shader_stage = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                               transfer_stage = VK_PIPELINE_STAGE_TRANSFER_BIT;

VkAccessFlags writes_of(VkPipelineStageFlags stages) {
    return ((stages & shader_stage) != 0 ? VK_ACCESS_SHADER_WRITE_BIT : 0) |
           ((stages & transfer_stage) != 0 ? VK_ACCESS_TRANSFER_WRITE_BIT : 0);
}

}  // namespace

Recorder::Recorder(const Gpu& gpu) : gpu_(gpu), profiler_(gpu, max_in_flight + 1) {
    auto type = structure<VkSemaphoreTypeCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO);
    type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
    const auto semaphore = structure<VkSemaphoreCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, &type);
    succeeded(gpu_.vk.CreateSemaphore(gpu_.handle, &semaphore, nullptr, &timeline_), "vkCreateSemaphore");
    for (Slot& made : slots_) {
        auto pool = structure<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
        pool.queueFamilyIndex = gpu_.queue_family;
        succeeded(gpu_.vk.CreateCommandPool(gpu_.handle, &pool, nullptr, &made.pool), "vkCreateCommandPool");
        auto info = structure<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
        info.commandPool = made.pool;
        info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
        info.commandBufferCount = 1;
        succeeded(gpu_.vk.AllocateCommandBuffers(gpu_.handle, &info, &made.commands), "vkAllocateCommandBuffers");
    }
}

Recorder::~Recorder() {
    gpu_.vk.DeviceWaitIdle(gpu_.handle);
    for (const Slot& made : slots_) gpu_.vk.DestroyCommandPool(gpu_.handle, made.pool, nullptr);
    gpu_.vk.DestroySemaphore(gpu_.handle, timeline_, nullptr);
}

VkCommandBuffer Recorder::begin(const char* name, VkPipelineStageFlags stage, std::span<const MemoryUse> uses) {
    if (recording_ && commands_ == max_commands) submit();
    Slot& open_slot = slot();
    if (!recording_) {
        retire(open_slot);
        succeeded(gpu_.vk.ResetCommandPool(gpu_.handle, open_slot.pool, 0), "vkResetCommandPool");
        auto info = structure<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
        info.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
        succeeded(gpu_.vk.BeginCommandBuffer(open_slot.commands, &info), "vkBeginCommandBuffer");
        recording_ = true;
        commands_ = 0;
        profiler_.begin_commands(submitted_ % slots_.size(), open_slot.commands);
    }
    waited_ = hazards_.needs_barrier(uses) || profiler_.times_kernels();
    if (waited_) barrier();
    stages_since_barrier_ |= stage;
    profiler_.before(submitted_ % slots_.size(), open_slot.commands, name);
    return open_slot.commands;
}

void Recorder::end() {
    profiler_.after(submitted_ % slots_.size(), slot().commands);
    ++profiler_.counts.commands;
    ++commands_;
}

// What comes after it waits for all that came before it on the queue, and sees what that wrote. It waits for the kinds of
// commands that there were since the last barrier only, which has settled those before it: drivers flush caches for the
// others too, if they are named. What comes after may be of either kind.
void Recorder::barrier() {
    const VkPipelineStageFlags before = std::exchange(stages_since_barrier_, 0);
    if (omit_barriers_ || before == 0) return;
    auto all = structure<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
    all.srcAccessMask = writes_of(before);
    all.dstAccessMask =
        writes_of(shader_stage | transfer_stage) | VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;
    gpu_.vk.CmdPipelineBarrier(slot().commands, before, shader_stage | transfer_stage, 0, 1, &all, 0, nullptr, 0,
                               nullptr);
    ++profiler_.counts.barriers;
}

bool Recorder::dispatch(const Dispatch& what, std::span<const MemoryUse> uses) {
    const VkCommandBuffer commands = begin(what.name, shader_stage, uses);
    gpu_.vk.CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, what.pipeline);
    gpu_.vk.CmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, what.layout, 0, 1, &what.set, 0, nullptr);
    if (what.push_bytes > 0)
        gpu_.vk.CmdPushConstants(commands, what.layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                                 static_cast<std::uint32_t>(what.push_bytes), what.push);
    gpu_.vk.CmdDispatch(commands, what.groups[0], what.groups[1], what.groups[2]);
    ++profiler_.counts.dispatches;
    end();
    return waited_;
}

void Recorder::copy(const Range& from, const Range& to) {
    const std::array uses{from.use(false), to.use(true)};
    const VkCommandBuffer commands = begin("copy", transfer_stage, uses);
    const VkBufferCopy region{from.offset, to.offset, from.bytes};
    gpu_.vk.CmdCopyBuffer(commands, from.block->buffer, to.block->buffer, 1, &region);
    end();
}

void Recorder::fill(const Range& to, std::uint32_t word) {
    const std::array uses{to.use(true)};
    const VkCommandBuffer commands = begin("fill", transfer_stage, uses);
    gpu_.vk.CmdFillBuffer(commands, to.block->buffer, to.offset, to.bytes, word);
    end();
}

void Recorder::release_after(MemoryPool& pool, const Block& range) { slot().kept.emplace_back(&pool, range); }

void Recorder::submit() {
    if (!recording_) return;
    Slot& open_slot = slot();
    // What was copied to the host's memory becomes visible to the host.
    auto to_host = structure<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
    to_host.srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
    to_host.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
    gpu_.vk.CmdPipelineBarrier(open_slot.commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                               &to_host, 0, nullptr, 0, nullptr);
    succeeded(gpu_.vk.EndCommandBuffer(open_slot.commands), "vkEndCommandBuffer");
    recording_ = false;

    const std::uint64_t value = open();
    auto timeline = structure<VkTimelineSemaphoreSubmitInfo>(VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO);
    timeline.signalSemaphoreValueCount = 1;
    timeline.pSignalSemaphoreValues = &value;
    auto info = structure<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO, &timeline);
    info.commandBufferCount = 1;
    info.pCommandBuffers = &open_slot.commands;
    info.signalSemaphoreCount = 1;
    info.pSignalSemaphores = &timeline_;
    succeeded(gpu_.vk.QueueSubmit(gpu_.queue, 1, &info, VK_NULL_HANDLE), "vkQueueSubmit");
    open_slot.submission = value;
    submitted_ = value;
    ++profiler_.counts.submissions;
}

bool Recorder::finished(Submission submission) const {
    if (submission > submitted_) return false;
    std::uint64_t value = 0;
    succeeded(gpu_.vk.GetSemaphoreCounterValue(gpu_.handle, timeline_, &value), "vkGetSemaphoreCounterValue");
    return value >= submission;
}

void Recorder::wait(Submission submission) {
    if (submission > submitted_) submit();
    if (finished(submission)) return;
    const auto begin = std::chrono::steady_clock::now();
    auto info = structure<VkSemaphoreWaitInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO);
    info.semaphoreCount = 1;
    info.pSemaphores = &timeline_;
    info.pValues = &submission;
    succeeded(gpu_.vk.WaitSemaphores(gpu_.handle, &info, UINT64_MAX), "vkWaitSemaphores");
    profiler_.waited(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

void Recorder::synchronize() {
    submit();
    wait(submitted_);
    for (Slot& done : slots_) retire(done);
}

void Recorder::retire(Slot& done) {
    wait(done.submission);
    profiler_.collect(static_cast<std::size_t>(&done - slots_.data()));
    for (const auto& [pool, range] : std::exchange(done.kept, {})) pool->release(range);
}

}  // namespace cairn::vulkan
