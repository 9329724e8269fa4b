// A device as the exercise sees it: buffers, and commands that are recorded, submitted and waited for, as in Vulkan, with the
// names of things left out. Nothing is done behind your back: no barrier, and no waiting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace exercise {

// `size` floats in the device's memory. Before anything is written there, each is NaN.
struct Buffer {
    std::size_t id = 0, size = 0;
};

// What a shader does to the buffer that is bound: binding 0, 1, … in the order of a dispatch's list.
struct Use {
    Buffer buffer;
    bool writes;
};
inline Use reads(Buffer buffer) { return {buffer, false}; }
inline Use writes(Buffer buffer) { return {buffer, true}; }

class Queue {
public:
    virtual ~Queue() = default;

    virtual Buffer make_buffer(std::size_t floats) = 0;

    // Records: start `groups` workgroups of the shader (GLSL) with these buffers and push constants. Dispatches that no barrier
    // parts may run at the same time, or in any order.
    virtual void dispatch(const std::string& shader, const std::vector<Use>& buffers, std::size_t groups,
                          const std::vector<std::uint32_t>& push) = 0;
    // Records: what comes later waits for what was recorded before, and sees what it wrote (vkCmdPipelineBarrier).
    virtual void barrier() = 0;

    // Hands the recorded commands to the device, and returns at once (vkQueueSubmit).
    virtual void submit() = 0;
    // Returns when the device has done what was submitted (vkWaitForFences).
    virtual void wait() = 0;

    // What lies in the buffer now.
    virtual std::vector<float> read(Buffer buffer) = 0;
};

}  // namespace exercise
