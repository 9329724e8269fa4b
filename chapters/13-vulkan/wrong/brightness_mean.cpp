// part: brightness
// it is the mean of the three colours; green looks brighter than blue.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

std::string brightness_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Push { uint n; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < n) y[i] = 1.0 / 3 * x[3 * i] + 1.0 / 3 * x[3 * i + 1] + 1.0 / 3 * x[3 * i + 2];
}
)";
}

}  // namespace exercise
