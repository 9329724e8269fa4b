// The Lab of a build without Vulkan. need_vulkan lets nobody come so far that it would be used.
#include "cairn/course/glsl.h"
#include "chapters/13-vulkan/grade_lab.h"

#ifndef CAIRN_WITH_VULKAN

namespace cairn::course {

void need_vulkan(Trial& t) { t.cannot(no_shaders_because()); }

struct Lab::State {};
Lab::Lab() = default;
Lab::~Lab() = default;
exercise::Buffer Lab::make_buffer(std::size_t) { return {}; }
exercise::Buffer Lab::buffer_of(const std::vector<double>&) { return {}; }
void Lab::dispatch_grid(const std::string&, const std::vector<exercise::Use>&, std::size_t, std::size_t,
                        const std::vector<std::uint32_t>&) {}
void Lab::barrier() {}
void Lab::submit() {}
void Lab::wait() {}
std::vector<float> Lab::read(exercise::Buffer) { return {}; }
void Lab::finish() {}
void Lab::judge(Trial&) const {}
const ShaderFacts& Lab::facts() const {
    static const ShaderFacts none;
    return none;
}

}  // namespace cairn::course

#endif
