// Lab: the Queue of the exercise on a real device, under Vulkan's validation layer where it is installed. It notes what a
// run on this device alone would not show: a missing barrier, numbers that are read too early, writes beyond the end.
#pragma once

#include "cairn/course/grading.h"
#include "chapters/13-vulkan/exercise.h"
#include "chapters/13-vulkan/grade_spirv.h"

#include <memory>
#include <span>

namespace cairn::course {

// Ends the part where there is no Vulkan, no driver, or no compiler of shaders.
void need_vulkan(Trial& t);

class Lab final : public exercise::Queue {
public:
    Lab();
    ~Lab() override;

    exercise::Buffer make_buffer(std::size_t floats) override;
    void dispatch(const std::string& shader, const std::vector<exercise::Use>& buffers, std::size_t groups,
                  const std::vector<std::uint32_t>& push) override {
        dispatch_grid(shader, buffers, groups, 1, push);
    }
    void barrier() override;
    void submit() override;
    void wait() override;
    std::vector<float> read(exercise::Buffer buffer) override;

    // For the grading: a buffer with these numbers, a dispatch of a grid of workgroups, and all of it run to its end.
    exercise::Buffer buffer_of(const std::vector<double>& values);
    void dispatch_grid(const std::string& shader, const std::vector<exercise::Use>& buffers, std::size_t groups_x,
                       std::size_t groups_y, const std::vector<std::uint32_t>& push);
    void finish();

    // Records what was noted: "barriers", "memory", "rules", "validation", "waiting".
    void judge(Trial& t) const;
    const ShaderFacts& facts() const;  // of the last shader

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cairn::course
