#include "chapters/13-vulkan/grade_lab.h"

#include "cairn/core/error.h"
#include "cairn/course/glsl.h"

#ifdef CAIRN_WITH_VULKAN
#include "cairn/backend/vulkan/hazards.h"
#include "cairn/backend/vulkan/instance.h"
#include "cairn/backend/vulkan/memory_pool.h"
#include "cairn/backend/vulkan/pipelines.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>

#include <fmt/format.h>
#endif

namespace cairn::course {

#ifdef CAIRN_WITH_VULKAN

using exercise::Buffer;
using exercise::Use;

namespace {

constexpr std::size_t guard = 1024;  // floats behind each buffer, in reach of the shader; what is written there is noticed
// Another value for each buffer: a weighted mean of equal numbers would be the same number again.
float guard_value(std::size_t id) { return -77777 - 100 * static_cast<float>(id); }

struct Program {
    std::string name;
    std::vector<std::uint32_t> words;
    ShaderFacts facts;
};

// The device that all parts of the exercise run on: a software driver if there is one, since its numbers, the wrong ones
// too, are the same everywhere. It lives as long as the process.
struct Machine {
    vulkan::Gpu gpu;
    vulkan::Pipelines pipelines;
    vulkan::MemoryPool memory;
    VkCommandPool pool = VK_NULL_HANDLE;
    VkCommandBuffer commands = VK_NULL_HANDLE;
    std::map<std::string, std::unique_ptr<Program>> programs;

    explicit Machine(int index) : gpu(index), pipelines(gpu), memory(gpu, vulkan::MemoryPool::Kind::download) {
        auto pool_info = vulkan::structure<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
        pool_info.queueFamilyIndex = gpu.queue_family;
        vulkan::succeeded(gpu.vk.CreateCommandPool(gpu.handle, &pool_info, nullptr, &pool), "vkCreateCommandPool");
        auto info = vulkan::structure<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
        info.commandPool = pool;
        info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
        info.commandBufferCount = 1;
        vulkan::succeeded(gpu.vk.AllocateCommandBuffers(gpu.handle, &info, &commands), "vkAllocateCommandBuffers");
    }

    const Program& program(const std::string& glsl) {
        std::unique_ptr<Program>& one = programs[glsl];
        if (one) return *one;
        auto made = std::make_unique<Program>(
            Program{fmt::format("exercise_{}", programs.size()), compile_glsl(glsl), {}});
        made->facts = facts_of(made->words);
        one = std::move(made);
        pipelines.add({one->name, one->words.data(), 4 * one->words.size()});
        return *one;
    }
};

int software_device() {
    const std::vector<VulkanDeviceInfo> devices = vulkan_devices();
    const auto found = std::ranges::find(devices, true, &VulkanDeviceInfo::software);
    return found == devices.end() ? 0 : static_cast<int>(found - devices.begin());
}

Machine& machine() {
    static Machine& one = *new Machine(software_device());
    return one;
}

// Lavapipe with vectors of 4 lanes and one thread computes the same, right or wrong, on every processor.
void settle_driver() {
    ::setenv("LP_NATIVE_VECTOR_WIDTH", "128", 1);
    ::setenv("LP_NUM_THREADS", "1", 1);
    ::setenv("CAIRN_VULKAN_VALIDATION", "1", 1);
    if (vulkan_devices().empty()) ::unsetenv("CAIRN_VULKAN_VALIDATION");  // the layer may be missing; without it, then
}

// "SYNC-HAZARD-READ-AFTER-WRITE", or another name that the layer gives its messages.
std::string name_of_message(const std::string& message) {
    const std::size_t begin = message.find("[ ");
    if (begin == std::string::npos) return message.substr(0, 60);
    return message.substr(begin + 2, message.find(" ]", begin) - begin - 2);
}

}  // namespace

struct Lab::State {
    struct Memory {
        Block block;
        std::size_t size = 0;
        bool pending = false;  // a dispatch that writes it was not waited for
    };
    struct Command {
        const Program* program = nullptr;  // nullptr: a barrier
        std::vector<Use> uses;
        std::uint32_t groups[2] = {1, 1};
        std::vector<std::uint32_t> push;
    };

    std::vector<Memory> buffers;
    std::vector<Command> recorded, submitted;
    vulkan::HazardTracker hazards;
    const Program* last = nullptr;
    int missing_barriers = 0, barriers = 0, early_reads = 0, never_submitted = 0, waits = 0;
    int atomics = 0;
    std::uint32_t strange_capability = 0;
    std::vector<std::string> messages;

    Memory& memory(Buffer buffer) {
        check(buffer.id < buffers.size(), "there is no buffer {}; make it with make_buffer", buffer.id);
        return buffers[buffer.id];
    }
    float* floats(const Memory& memory) const { return reinterpret_cast<float*>(memory.block.host); }

    void encode(const Command& command);
    void run_submitted();
};

void need_vulkan(Trial& t) {
    settle_driver();
    if (const std::string why = no_shaders_because(); !why.empty()) t.cannot(why);
}

Lab::Lab() : state_(std::make_unique<State>()) { vulkan::Instance::get().take_messages(); }

Lab::~Lab() {
    for (const State::Memory& memory : state_->buffers) machine().memory.release(memory.block);
}

Buffer Lab::make_buffer(std::size_t floats) {
    check(floats > 0 && floats <= 1u << 24, "make_buffer: {} floats; 1 to 16 million can be had", floats);
    const auto block = machine().memory.allocate(4 * (floats + guard));
    check(block && block->host != nullptr, "make_buffer: there is no memory for {} floats", floats);
    state_->buffers.push_back({*block, floats, false});
    float* const values = state_->floats(state_->buffers.back());
    std::fill(values, values + floats, std::numeric_limits<float>::quiet_NaN());
    std::fill(values + floats, values + floats + guard, guard_value(state_->buffers.size() - 1));
    return {state_->buffers.size() - 1, floats};
}

Buffer Lab::buffer_of(const std::vector<double>& values) {
    const Buffer buffer = make_buffer(values.size());
    std::ranges::copy(values, state_->floats(state_->memory(buffer)));
    return buffer;
}

void Lab::dispatch_grid(const std::string& shader, const std::vector<Use>& buffers, std::size_t groups_x,
                        std::size_t groups_y, const std::vector<std::uint32_t>& push) {
    check(std::max(groups_x, groups_y) <= 65535, "dispatch: {} workgroups; 65535 are the most", groups_x);
    check(!buffers.empty() && push.size() <= 32, "dispatch: no buffers, or more than 128 bytes of push constants");
    const Program& program = machine().program(shader);
    State& s = *state_;
    s.last = &program;
    s.atomics += program.facts.atomics;
    if (program.facts.strange_capability != 0) s.strange_capability = program.facts.strange_capability;

    std::vector<vulkan::MemoryUse> uses;
    for (const Use& use : buffers) uses.push_back({s.memory(use.buffer).block.host, 0, 1, use.writes});
    if (s.hazards.needs_barrier(uses)) ++s.missing_barriers;
    s.recorded.push_back(
        {&program, buffers, {static_cast<std::uint32_t>(groups_x), static_cast<std::uint32_t>(groups_y)}, push});
}

void Lab::barrier() {
    state_->hazards = {};
    state_->recorded.emplace_back();
    ++state_->barriers;
}

void Lab::submit() {
    State& s = *state_;
    for (State::Command& command : s.recorded) {
        for (const Use& use : command.uses)
            if (use.writes) s.memory(use.buffer).pending = true;
        s.submitted.push_back(std::move(command));
    }
    s.recorded.clear();
}

// A device may start as late as it likes. This one starts when somebody waits for it, so that who does not wait sees it.
void Lab::wait() {
    state_->run_submitted();
    ++state_->waits;
    state_->hazards = {};
}

std::vector<float> Lab::read(Buffer buffer) {
    State& s = *state_;
    const State::Memory& memory = s.memory(buffer);
    s.early_reads += memory.pending ? 1 : 0;
    for (const State::Command& command : s.recorded)
        for (const Use& use : command.uses) s.never_submitted += use.writes && use.buffer.id == buffer.id ? 1 : 0;
    const float* const values = s.floats(memory);
    return {values, values + memory.size};
}

void Lab::finish() {
    submit();
    wait();
}

void Lab::State::encode(const Command& command) {
    Machine& m = machine();
    if (command.program == nullptr) {
        auto all = vulkan::structure<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
        all.srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT;
        all.dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
        m.gpu.vk.CmdPipelineBarrier(m.commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                                    VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, 0, 1, &all, 0, nullptr, 0, nullptr);
        return;
    }
    // What the device was not asked for it need not be able to run.
    if (command.program->facts.strange_capability != 0) return;
    std::vector<VkDescriptorBufferInfo> bound;
    for (const Use& use : command.uses) {
        const Memory& at = memory(use.buffer);
        bound.push_back(
            {static_cast<vulkan::MemoryBlock*>(at.block.handle)->buffer, at.block.offset, 4 * (at.size + guard)});
    }
    const auto bindings = static_cast<std::uint32_t>(bound.size());
    const VkPipelineLayout layout = m.pipelines.layout(bindings).pipeline;
    const VkDescriptorSet set = m.pipelines.descriptor_set(bound);
    m.gpu.vk.CmdBindPipeline(m.commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                             m.pipelines.pipeline(command.program->name, {}, bindings));
    m.gpu.vk.CmdBindDescriptorSets(m.commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout, 0, 1, &set, 0, nullptr);
    if (!command.push.empty())
        m.gpu.vk.CmdPushConstants(m.commands, layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                                  static_cast<std::uint32_t>(4 * command.push.size()), command.push.data());
    m.gpu.vk.CmdDispatch(m.commands, command.groups[0], command.groups[1], 1);
}

void Lab::State::run_submitted() {
    Machine& m = machine();
    vulkan::succeeded(m.gpu.vk.ResetCommandPool(m.gpu.handle, m.pool, 0), "vkResetCommandPool");
    const auto begin = vulkan::structure<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
    vulkan::succeeded(m.gpu.vk.BeginCommandBuffer(m.commands, &begin), "vkBeginCommandBuffer");
    for (const Command& command : submitted) encode(command);
    auto to_host = vulkan::structure<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
    to_host.srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT;
    to_host.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
    m.gpu.vk.CmdPipelineBarrier(m.commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                                &to_host, 0, nullptr, 0, nullptr);
    vulkan::succeeded(m.gpu.vk.EndCommandBuffer(m.commands), "vkEndCommandBuffer");
    auto info = vulkan::structure<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
    info.commandBufferCount = 1;
    info.pCommandBuffers = &m.commands;
    vulkan::succeeded(m.gpu.vk.QueueSubmit(m.gpu.queue, 1, &info, VK_NULL_HANDLE), "vkQueueSubmit");
    vulkan::succeeded(m.gpu.vk.DeviceWaitIdle(m.gpu.handle), "vkDeviceWaitIdle");
    submitted.clear();
    for (Memory& memory : buffers) memory.pending = false;
    for (const std::string& message : vulkan::Instance::get().take_messages()) messages.push_back(name_of_message(message));
}

const ShaderFacts& Lab::facts() const { return state_->last->facts; }

void Lab::judge(Trial& t) const {
    const State& s = *state_;
    std::size_t outside = 0;
    for (std::size_t id = 0; id < s.buffers.size(); ++id) {
        const float* const values = s.floats(s.buffers[id]) + s.buffers[id].size;
        outside += guard - static_cast<std::size_t>(std::count(values, values + guard, guard_value(id)));
    }
    const std::string first = s.messages.empty() ? "" : s.messages.front();
    t.require("barriers", s.missing_barriers == 0, s.missing_barriers + 100 * s.barriers,
              fmt::format("a dispatch uses what an earlier one writes, and no barrier stands between them{}",
                          first.empty() ? "" : "; the validation layer calls it " + first));
    t.require("memory", outside == 0, static_cast<double>(outside),
              fmt::format("{} floats behind the end of a buffer's contents were written", outside));
    t.require("rules", s.atomics == 0 && s.strange_capability == 0, 1000.0 * s.strange_capability + s.atomics,
              s.strange_capability != 0
                  ? fmt::format("the shader needs SPIR-V's capability {}, an extension that this device was not asked for",
                                s.strange_capability)
                  : "the shader uses atomics: the order of the sums, and with it the last digits, changes from run to run");
    t.require("waiting", s.early_reads == 0 && s.never_submitted == 0, s.early_reads + 10 * s.waits + 1000.0 * s.never_submitted,
              s.never_submitted > 0 ? "a buffer is read, and the commands that write it were not submitted"
                                    : "a buffer is read before the device was waited for");
    // What the layer said of a missing barrier is told above. It may be missing, so it does not tell wrong answers apart.
    const bool said = !first.empty() && s.missing_barriers == 0 && s.strange_capability == 0;
    t.require("validation", !said, said ? 1 : 0, "the validation layer says: " + first);
}

#endif

}  // namespace cairn::course
