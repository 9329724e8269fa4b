// Profiler: what the recorder did, and how long the GPU took for each command, by timestamps around it.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/backend/vulkan/gpu.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace cairn::vulkan {

class Profiler {
public:
    static constexpr std::uint32_t max_commands = 1024;  // of a command buffer

    Profiler(const Gpu& gpu, std::size_t slots) : gpu_(gpu), slots_(slots) {}
    ~Profiler();
    Profiler(const Profiler&) = delete;
    Profiler& operator=(const Profiler&) = delete;

    // Both with nothing recorded and nothing in flight.
    void start(ProfileDetail detail);
    DeviceProfile finish();

    // With timestamps every command waits for the one before, so that each is measured alone.
    bool times_kernels() const { return detail_ == ProfileDetail::kernel_times; }

    void begin_commands(std::size_t slot, VkCommandBuffer commands);
    void before(std::size_t slot, VkCommandBuffer commands, const char* name);
    void after(std::size_t slot, VkCommandBuffer commands);
    void collect(std::size_t slot);  // once they have run

    // The host waited for the device. That is not recording, even if a record had to wait for a free command buffer.
    void waited(double seconds) {
        ++counts.waits;
        counts.waiting_seconds += seconds;
        if (depth_ > 0) counts.recording_seconds -= seconds;
    }

    DeviceProfile counts;

    // Adds the time it lives to what the host spent recording; the outermost one counts.
    class Recording {
    public:
        explicit Recording(Profiler& profiler) : profiler_(profiler), outermost_(profiler.depth_++ == 0) {
            if (outermost_ && profiler_.detail_ != ProfileDetail::none) begin_ = Clock::now();
        }
        ~Recording() {
            --profiler_.depth_;
            if (outermost_ && profiler_.detail_ != ProfileDetail::none)
                profiler_.counts.recording_seconds += std::chrono::duration<double>(Clock::now() - begin_).count();
        }
        Recording(const Recording&) = delete;
        Recording& operator=(const Recording&) = delete;

    private:
        using Clock = std::chrono::steady_clock;
        Profiler& profiler_;
        bool outermost_;
        Clock::time_point begin_;
    };

private:
    struct Slot {
        VkQueryPool queries = VK_NULL_HANDLE;
        std::vector<const char*> names;  // of the commands since begin_commands
    };

    const Gpu& gpu_;
    std::vector<Slot> slots_;
    std::map<std::string, DeviceProfile::Kernel> kernels_;
    ProfileDetail detail_ = ProfileDetail::none;
    int depth_ = 0;
};

}  // namespace cairn::vulkan
